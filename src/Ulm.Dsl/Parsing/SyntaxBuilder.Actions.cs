using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>What a rule does.</summary>
internal sealed partial class SyntaxBuilder
{
    private ActionSyntax Action(TreeNode node) => node.Name switch
    {
        "evacuate" => Evacuate(node),
        "evacuateAll" => new DrainSyntax(null, Span(node)),
        "drain" => new DrainSyntax(OptionalName(Part(node, "theHost")), Span(node)),
        "balance" => new BalanceSyntax(By(node), OptionalNumber(Part(node, "within")), Span(node)),
        "consolidate" => new ConsolidateSyntax(OptionalNumber(Part(node, "floor")), [.. All(Part(node, "ceiling"), "level").Select(Level)], Span(node)),
        "powerOff" => new PowerOffSyntax(Spare(node), Span(node)),
        "suspend" => new SuspendSyntax(Spare(node), Span(node)),
        "powerOn" => new PowerOnSyntax(Number(node.Children[2]), Span(node)),
        "powerOnUntil" => new PowerOnUntilSyntax(Condition(node.Children[^1]), Span(node)),
        "shutDown" => new ShutDownSyntax(HostName(node), OptionalNumber(Part(node, "duration")), Span(node)),
        "enterMaintenance" => new MaintenanceSyntax(Enter: true, HostName(node), Span(node)),
        "leaveMaintenance" => new MaintenanceSyntax(Enter: false, HostName(node), Span(node)),
        "migrateVm" => new MigrateVmSyntax(Name(node.Children[2]), HostName(node), Span(node)),
        "notify" => new NotifySyntax(Name(node.Children[1]), OptionalName(Part(node, "via")), Span(node)),
        "runHook" => new RunHookSyntax(Name(node.Children[2]), Span(node)),
        var other => throw Unknown(other),
    };

    private EvacuateSyntax Evacuate(TreeNode node)
    {
        var target = Part(node, "target")!;
        return new EvacuateSyntax(
            OptionalNumber(Part(node, "count")),
            Keyword(Part(node, "order")!) == Vocabulary.Heaviest ? VmOrder.Heaviest : VmOrder.Lightest,
            Part(node, "fitting")!.Children.Count > 0,
            By(node),
            Part(target, "toPreferred") is { } preferred
                ? Keyword(Part(preferred, "preference")!) == Vocabulary.Coolest ? HostPreference.Coolest : HostPreference.Fullest
                : null,
            Part(target, "toHostsWhere") is { } where ? Condition(where.Children[^1]) : null,
            Span(node));
    }

    private NameSyntax HostName(TreeNode node) => Name(Part(node, "theHost")!.Children[1]);

    private QuantitySyntax? Spare(TreeNode node) => OptionalNumber(Part(Part(node, "idleHosts")!, "keeping"));

    private LevelSyntax Level(TreeNode node) => new(Number(node.Children[0]), ResourceOf(Token(node.Children[1]).Text), Span(node));

    private ResourceSyntax? By(TreeNode node) =>
        Part(node, "by") is { Children.Count: > 0 } by ? new ResourceSyntax(ResourceOf(Keyword(by.Children[1])), Span(by.Children[1])) : null;

    private static Resource ResourceOf(string word) => word switch
    {
        Vocabulary.Cpu => Resource.Cpu,
        Vocabulary.Memory => Resource.Memory,
        Vocabulary.Network => Resource.Network,
        _ => throw Unknown(word),
    };
}
