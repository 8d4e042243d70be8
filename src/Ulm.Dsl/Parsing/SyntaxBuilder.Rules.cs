using Irony.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Rules: header, trigger, guards, modifiers.</summary>
internal sealed partial class SyntaxBuilder
{
    private RuleSyntax Rule(ParseTreeNode node, TextSpan span)
    {
        var trigger = Part(node, "when") is { } when ? When(when) : Schedule(Part(node, "schedule")!.ChildNodes[0]);
        return new RuleSyntax(
            OptionalName(Part(node, "header")),
            trigger,
            [.. All(Part(node, "actions"), "action").Select(a => Action(a.ChildNodes[0]))],
            [.. All(Part(node, "modifiers"), "modifier").Select(m => Modifier(m.ChildNodes[0]))],
            tokens, span);
    }

    private WhenSyntax When(ParseTreeNode node) =>
        new(Condition(node.ChildNodes[1]), OptionalNumber(Part(node, "hold")), Span(node));

    private TriggerSyntax Schedule(ParseTreeNode node) => node.Term.Name switch
    {
        "at" => new AtSyntax(
            [.. Part(node, "times")!.ChildNodes.Select(Number)],
            [.. All(Part(node, "days"), "day").Select(d => Name(d.ChildNodes[0]))],
            Span(node)),
        "every" => new EverySyntax(Number(node.ChildNodes[1]), Span(node)),
        var other => throw Unknown(other),
    };

    private ModifierSyntax Modifier(ParseTreeNode node) => node.Term.Name switch
    {
        "until" => new UntilSyntax(Condition(node.ChildNodes[1]), Span(node)),
        "cooldown" => new CooldownSyntax(Number(node.ChildNodes[1]), Span(node)),
        var other => throw Unknown(other),
    };
}
