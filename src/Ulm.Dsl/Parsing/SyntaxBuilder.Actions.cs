using Irony.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>What a rule does.</summary>
internal sealed partial class SyntaxBuilder
{
    private ActionSyntax Action(ParseTreeNode node) => node.Term.Name switch
    {
        "evacuate" => Evacuate(node),
        "evacuateAll" => new DrainSyntax(null, Span(node)),
        "drain" => new DrainSyntax(OptionalName(Part(node, "theHost")), Span(node)),
        "balance" => new BalanceSyntax(By(node), OptionalNumber(Part(node, "within")), Span(node)),
        "consolidate" => new ConsolidateSyntax(OptionalNumber(Part(node, "floor")), [.. All(Part(node, "ceiling"), "level").Select(Level)], Span(node)),
        "powerOff" => new PowerOffSyntax(Spare(node), Span(node)),
        "suspend" => new SuspendSyntax(Spare(node), Span(node)),
        "powerOn" => new PowerOnSyntax(Number(node.ChildNodes[2]), Span(node)),
        "powerOnUntil" => new PowerOnUntilSyntax(Condition(node.ChildNodes[^1]), Span(node)),
        "shutDown" => new ShutDownSyntax(HostName(node), OptionalNumber(Part(node, "duration")), Span(node)),
        "enterMaintenance" => new MaintenanceSyntax(Enter: true, HostName(node), Span(node)),
        "leaveMaintenance" => new MaintenanceSyntax(Enter: false, HostName(node), Span(node)),
        "migrateVm" => new MigrateVmSyntax(Name(node.ChildNodes[2]), HostName(node), Span(node)),
        "notify" => new NotifySyntax(Name(node.ChildNodes[1]), OptionalName(Part(node, "via")), Span(node)),
        "runHook" => new RunHookSyntax(Name(node.ChildNodes[2]), Span(node)),
        var other => throw Unknown(other),
    };

    private EvacuateSyntax Evacuate(ParseTreeNode node)
    {
        var target = Part(node, "target")!;
        return new EvacuateSyntax(
            OptionalNumber(Part(node, "count")),
            Keyword(Part(node, "order")!) == Vocabulary.Heaviest ? VmOrder.Heaviest : VmOrder.Lightest,
            Part(node, "fitting")!.ChildNodes.Count > 0,
            By(node),
            Part(target, "toPreferred") is { } preferred
                ? Keyword(Part(preferred, "preference")!) == Vocabulary.Coolest ? HostPreference.Coolest : HostPreference.Fullest
                : null,
            Part(target, "toHostsWhere") is { } where ? Condition(where.ChildNodes[^1]) : null,
            Span(node));
    }

    private NameSyntax HostName(ParseTreeNode node) => Name(Part(node, "theHost")!.ChildNodes[1]);

    private QuantitySyntax? Spare(ParseTreeNode node) => OptionalNumber(Part(Part(node, "idleHosts")!, "keeping"));

    private LevelSyntax Level(ParseTreeNode node) => new(Number(node.ChildNodes[0]), ResourceOf(Token(node.ChildNodes[1]).Text), Span(node));

    private ResourceSyntax? By(ParseTreeNode node) =>
        Part(node, "by") is { ChildNodes.Count: > 0 } by ? new ResourceSyntax(ResourceOf(Keyword(by.ChildNodes[1])), Span(by.ChildNodes[1])) : null;

    private static Resource ResourceOf(string word) => word switch
    {
        Vocabulary.Cpu => Resource.Cpu,
        Vocabulary.Memory => Resource.Memory,
        Vocabulary.Network => Resource.Network,
        _ => throw Unknown(word),
    };
}
