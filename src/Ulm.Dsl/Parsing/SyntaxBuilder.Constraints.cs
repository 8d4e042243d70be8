using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Standing constraints.</summary>
internal sealed partial class SyntaxBuilder
{
    /// <summary>Null where the sentence is no constraint.</summary>
    private ConstraintSyntax? Constraint(TreeNode node, TextSpan span) => node.Name switch
    {
        "neverMigrate" => new NeverMigrateSyntax(Selector(Part(node, "vms")!), tokens, span),
        "neverPowerOff" => new NeverPowerOffSyntax(Selector(Part(node, "hosts")!), tokens, span),
        "affinity" => new AffinitySyntax(
            Keyword(Part(node, "strength")!) == Vocabulary.Keep, Keyword(Part(node, "direction")!) == Vocabulary.Together, Selector(Part(node, "vms")!), tokens, span),
        "keepOn" => new KeepOnSyntax(Selector(Part(node, "vms")!), Selector(Part(node, "hosts")!), tokens, span),
        "alwaysKeep" => new AlwaysKeepSyntax(Number(node.Children[2]), OptionalName(Part(node, "inCluster")), tokens, span),
        "reserve" => new ReserveSyntax(Number(node.Children[1]), Reserved(Part(node, "reserved")!), OptionalName(Part(node, "inCluster")), tokens, span),
        "limit" => Part(node, "powerCycleLimit") is { } cycles
            ? new PowerCycleBudgetSyntax(OptionalNumber(Part(cycles, "perHost"))!, Number(cycles.Children[^1]), tokens, span)
            : MigrationLimit(Part(node, "migrationLimit")!, span),
        "vmCooldown" => new VmCooldownSyntax(Number(node.Children[2]), tokens, span),
        "overcommit" => new OvercommitSyntax(Number(node.Children[2]), tokens, span),
        _ => null,
    };

    private ConstraintSyntax MigrationLimit(TreeNode node, TextSpan span) => Part(node, "perTime") is { } budget
        ? new MigrationBudgetSyntax(Number(budget.Children[0]), Number(budget.Children[2]), tokens, span)
        : new LimitMigrationsSyntax(OptionalNumber(Part(node, "perHost")), OptionalNumber(Part(node, "inTotal")), tokens, span);

    private Resource? Reserved(TreeNode node) => !node.Children[0].IsToken ? null : ResourceOf(Token(node.Children[0]).Text);

    private SelectorSyntax Selector(TreeNode node)
    {
        var selection = Part(node, "selection")!;
        if (Part(selection, "names") is { } names)
            return new SelectorSyntax(SelectorKind.Listed, [.. names.Children.Select(Name)], Span(node));
        var kind = Token(selection.Children[0]).Text == Vocabulary.Named ? SelectorKind.Named : SelectorKind.Tagged;
        return new SelectorSyntax(kind, [Name(selection.Children[1])], Span(node));
    }
}
