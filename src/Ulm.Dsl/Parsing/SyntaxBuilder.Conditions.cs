using System.Collections.Immutable;
using Irony.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Conditions and what they compare.</summary>
internal sealed partial class SyntaxBuilder
{
    private ConditionSyntax Condition(ParseTreeNode node) => node.Term.Name switch
    {
        "condition" => Joined(node, static (parts, span) => new OrSyntax(parts, span)),
        "and" => Joined(node, static (parts, span) => new AndSyntax(parts, span)),
        "term" => Condition(node.ChildNodes[0]),
        "not" => new NotSyntax(Condition(node.ChildNodes[1]), Span(node)),
        "parenthesised" => new ParenthesisedSyntax(Condition(node.ChildNodes[1]), Span(node)),
        "comparison" => Comparison(node),
        "named" => new NamedConditionSyntax(Name(node.ChildNodes[0]), Span(node)),
        var other => throw Unknown(other),
    };

    private ConditionSyntax Joined(ParseTreeNode node, Func<ImmutableArray<ConditionSyntax>, TextSpan, ConditionSyntax> join) =>
        node.ChildNodes.Count == 1
            ? Condition(node.ChildNodes[0])
            : join([.. node.ChildNodes.Select(Condition)], Span(node));

    private ComparisonSyntax Comparison(ParseTreeNode node)
    {
        var sign = Token(node.ChildNodes[1].ChildNodes[0]).Text;
        var comparison = Vocabulary.Comparisons.First(c => c.Sign == sign).Operator;
        return new ComparisonSyntax(Operand(node.ChildNodes[0]), comparison, sign, Operand(node.ChildNodes[2]), Span(node));
    }

    private OperandSyntax Operand(ParseTreeNode node) => Token(node.ChildNodes[0]).Kind == TokenKind.Number
        ? new ConstantSyntax(Number(node.ChildNodes[0]))
        : new ReadSyntax(Name(node.ChildNodes[0]));
}
