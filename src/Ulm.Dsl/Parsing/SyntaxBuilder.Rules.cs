using System.Collections.Immutable;
using Irony.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Rules: header, trigger, guards, modifiers.</summary>
internal sealed partial class SyntaxBuilder
{
    private RuleSyntax Rule(ParseTreeNode node, TextSpan span)
    {
        var trigger = Part(node, "when") is { } when ? When(when)
            : Part(node, "have") is { } have ? Have(have)
            : Schedule(Part(node, "schedule")!.ChildNodes[0]);
        return new RuleSyntax(
            OptionalName(Part(node, "header")),
            trigger,
            [.. All(Part(node, "guards"), "guard").Select(g => Guard(g.ChildNodes[0]))],
            [.. All(Part(node, "actions"), "action").Select(a => Action(a.ChildNodes[0]))],
            [.. All(Part(node, "modifiers"), "modifier").Select(m => Modifier(m.ChildNodes[0]))],
            tokens, span);
    }

    private WhenSyntax When(ParseTreeNode node) =>
        new(Condition(node.ChildNodes[1]), OptionalNumber(Part(node, "hold")), Span(node));

    private HaveSyntax Have(ParseTreeNode node) =>
        new(Number(node.ChildNodes[1]), Number(node.ChildNodes[5]), Days(Part(node, "days")), Span(node));

    private TriggerSyntax Schedule(ParseTreeNode node) => node.Term.Name switch
    {
        "at" => new AtSyntax([.. Part(node, "times")!.ChildNodes.Select(Number)], Days(Part(node, "days")), Span(node)),
        "every" => new EverySyntax(Number(node.ChildNodes[1]), Between(Part(node, "between")!), Days(Part(node, "days")), Span(node)),
        "cron" => new CronSyntax(Name(node.ChildNodes[1]), Span(node)),
        "on" => new OnSyntax(Vocabulary.Events.First(e => e.Word == Keyword(node.ChildNodes[2])).Event, Span(node)),
        var other => throw Unknown(other),
    };

    private ImmutableArray<QuantitySyntax> Between(ParseTreeNode node) =>
        node.ChildNodes.Count == 0 ? [] : [Number(node.ChildNodes[1]), Number(node.ChildNodes[3])];

    private GuardSyntax Guard(ParseTreeNode node) => node.Term.Name switch
    {
        "clusterGuard" => new InClusterGuardSyntax(Name(node.ChildNodes[2]), Span(node)),
        "where" => new WhereSyntax(Condition(node.ChildNodes[1]), Span(node)),
        "during" => new DuringSyntax([.. All(node, "duringTime").Select(DuringTime)], Span(node)),
        "unless" => new UnlessSyntax(Condition(node.ChildNodes[1]), Span(node)),
        var other => throw Unknown(other),
    };

    private SyntaxNode DuringTime(ParseTreeNode node) => Part(node, "window") is { } window ? Window(window) : Name(node.ChildNodes[0]);

    private ModifierSyntax Modifier(ParseTreeNode node) => node.Term.Name switch
    {
        "until" => new UntilSyntax(Condition(node.ChildNodes[1]), Span(node)),
        "cooldown" => new CooldownSyntax(
            Number(node.ChildNodes[1]), Part(node, "perSubject") is { ChildNodes.Count: > 0 } per ? Subject(per.ChildNodes[1]) : null, Span(node)),
        "atMost" => new AtMostSyntax(
            Number(node.ChildNodes[2]), Keyword(Part(node, "budgetOf")!) is Vocabulary.Moves or Vocabulary.Move ? BudgetOf.Moves : BudgetOf.Hosts,
            OptionalNumber(Part(node, "budgetTime")), Span(node)),
        "priority" => new PrioritySyntax(Number(node.ChildNodes[1]), Span(node)),
        "mode" => new ModeSyntax(Vocabulary.Modes.First(m => m.Word == Keyword(node.ChildNodes[1])).Mode, Span(node)),
        "because" => new BecauseSyntax(Name(node.ChildNodes[1]), Span(node)),
        var other => throw Unknown(other),
    };
}
