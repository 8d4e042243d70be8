using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Rules: header, trigger, guards, modifiers.</summary>
internal sealed partial class SyntaxBuilder
{
    private RuleSyntax Rule(TreeNode node, TextSpan span)
    {
        var trigger = Part(node, "when") is { } when ? When(when)
            : Part(node, "have") is { } have ? Have(have)
            : Schedule(Part(node, "schedule")!.Children[0]);
        return new RuleSyntax(
            OptionalName(Part(node, "header")),
            trigger,
            [.. All(Part(node, "guards"), "guard").Select(g => Guard(g.Children[0]))],
            [.. All(Part(node, "actions"), "action").Select(a => Action(a.Children[0]))],
            [.. All(Part(node, "modifiers"), "modifier").Select(m => Modifier(m.Children[0]))],
            tokens, span);
    }

    private WhenSyntax When(TreeNode node) =>
        new(Condition(node.Children[1]), OptionalNumber(Part(node, "hold")), Span(node));

    private HaveSyntax Have(TreeNode node) =>
        new(Number(node.Children[1]), Number(node.Children[5]), Days(Part(node, "days")), Span(node));

    private TriggerSyntax Schedule(TreeNode node) => node.Name switch
    {
        "at" => new AtSyntax([.. Part(node, "times")!.Children.Select(Number)], Days(Part(node, "days")), Span(node)),
        "every" => new EverySyntax(Number(node.Children[1]), Between(Part(node, "between")!), Days(Part(node, "days")), Span(node)),
        "cron" => new CronSyntax(Name(node.Children[1]), Span(node)),
        "on" => new OnSyntax(Vocabulary.Events.First(e => e.Word == Keyword(node.Children[2])).Event, Span(node)),
        var other => throw Unknown(other),
    };

    private ImmutableArray<QuantitySyntax> Between(TreeNode node) =>
        node.Children.Count == 0 ? [] : [Number(node.Children[1]), Number(node.Children[3])];

    private GuardSyntax Guard(TreeNode node) => node.Name switch
    {
        "clusterGuard" => new InClusterGuardSyntax(Name(node.Children[2]), Span(node)),
        "where" => new WhereSyntax(Condition(node.Children[1]), Span(node)),
        "during" => new DuringSyntax([.. All(node, "duringTime").Select(DuringTime)], Span(node)),
        "unless" => new UnlessSyntax(Condition(node.Children[1]), Span(node)),
        var other => throw Unknown(other),
    };

    private SyntaxNode DuringTime(TreeNode node) => Part(node, "window") is { } window ? Window(window) : Name(node.Children[0]);

    private ModifierSyntax Modifier(TreeNode node) => node.Name switch
    {
        "until" => new UntilSyntax(Condition(node.Children[1]), Span(node)),
        "cooldown" => new CooldownSyntax(
            Number(node.Children[1]), Part(node, "perSubject") is { Children.Count: > 0 } per ? Subject(per.Children[1]) : null, Span(node)),
        "atMost" => new AtMostSyntax(
            Number(node.Children[2]), Keyword(Part(node, "budgetOf")!) is Vocabulary.Moves or Vocabulary.Move ? BudgetOf.Moves : BudgetOf.Hosts,
            OptionalNumber(Part(node, "budgetTime")), Span(node)),
        "priority" => new PrioritySyntax(Number(node.Children[1]), Span(node)),
        "mode" => new ModeSyntax(Vocabulary.Modes.First(m => m.Word == Keyword(node.Children[1])).Mode, Span(node)),
        "because" => new BecauseSyntax(Name(node.Children[1]), Span(node)),
        var other => throw Unknown(other),
    };
}
