using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Conditions and what they compare.</summary>
internal sealed partial class SyntaxBuilder
{
    private ConditionSyntax Condition(TreeNode node) => node.Name switch
    {
        "condition" => Joined(node, static (parts, span) => new OrSyntax(parts, span)),
        "and" => Joined(node, static (parts, span) => new AndSyntax(parts, span)),
        "term" => Condition(node.Children[0]),
        "not" => new NotSyntax(Condition(node.Children[1]), Span(node)),
        "parenthesised" => new ParenthesisedSyntax(Condition(node.Children[1]), Span(node)),
        "comparison" => Comparison(node),
        "named" => new NamedConditionSyntax(Name(node.Children[0]), Span(node)),
        "asks" => new AsksSyntax(Part(node, "subject") is { } subject ? Subject(subject) : null, Test(Part(node, "test")!), Span(node)),
        "quantified" => new QuantifiedSyntax(
            Keyword(node.Children[0]) == Vocabulary.Any ? Quantifier.Any : Quantifier.All, Over(node), Condition(Part(node, "condition")!), Span(node)),
        "within" => new WithinSyntax(Window(node.Children[0])),
        var other => throw Unknown(other),
    };

    private ConditionSyntax Joined(TreeNode node, Func<ImmutableArray<ConditionSyntax>, TextSpan, ConditionSyntax> join) =>
        node.Children.Count == 1
            ? Condition(node.Children[0])
            : join([.. node.Children.Select(Condition)], Span(node));

    private ComparisonSyntax Comparison(TreeNode node)
    {
        var sign = Keyword(node.Children[1]);
        var comparison = Vocabulary.Comparisons.First(c => c.Sign == sign).Operator;
        return new ComparisonSyntax(Operand(node.Children[0]), comparison, sign, Operand(node.Children[2]), Span(node));
    }

    private OperandSyntax Operand(TreeNode node)
    {
        var inner = node.Children[0];
        return inner.Name switch
        {
            "attribute" => Read(inner),
            "overTime" => new OverTimeSyntax(
                Vocabulary.TimeFunctions.First(f => f.Word == Keyword(inner)).Function, Read(Part(inner, "attribute")!), Number(inner.Children[4]), Span(inner)),
            "countOf" => new CountOfSyntax(Over(inner), Condition(Part(inner, "condition")!), Span(inner)),
            _ => new ConstantSyntax(Number(inner)),
        };
    }

    private ReadSyntax Read(TreeNode node) => node.Children.Count switch
    {
        2 => new ReadSyntax(new NameSyntax(PolicyAttribute.HostIdleFor.Name, Span(node)), null, Span(node)),
        4 => new ReadSyntax(Name(node.Children[0]), Name(node.Children[2]), Span(node)),
        _ => new ReadSyntax(Name(node.Children[0]), null, Span(node)),
    };

    private SubjectTestSyntax Test(TreeNode node)
    {
        var last = node.Children[^1];
        return Keyword(node) switch
        {
            Vocabulary.Is => new IsSyntax(State(last), Span(node)),
            Vocabulary.Tagged => new TaggedSyntax(Name(last), Span(node)),
            Vocabulary.Named => new NamedSyntax(Name(last), Span(node)),
            _ => new InClusterSyntax(Name(last), Span(node)),
        };
    }

    // Of one word, or of two: `in maintenance`.
    private NameSyntax State(TreeNode node) => new(node.Children.Count == 1 ? Keyword(node) : $"{Vocabulary.In} {Vocabulary.Maintenance}", Span(node));

    private SubjectSyntax Subject(TreeNode node) => new(Vocabulary.Subjects.First(s => s.Word == Keyword(node)).Kind, Span(node));

    private SubjectKind Over(TreeNode node) => Keyword(Part(node, "many")!) is Vocabulary.Vm or Vocabulary.Vms ? SubjectKind.Vm : SubjectKind.Host;

    private TimeWindowSyntax Window(TreeNode node) => new(Number(node.Children[0]), Days(Part(node, "days")), Span(node));

    private DaysSyntax? Days(TreeNode? node) => node is null or { IsEmpty: true } ? null
        : new DaysSyntax([.. All(node, "day").Select(Day)], [.. All(node, "except").Select(e => Name(e.Children[1]))], Span(node));

    private DaySyntax Day(TreeNode node)
    {
        var token = Token(node);
        if (token.Kind == TokenKind.Number)
            return new DateSyntax(Number(node));
        if (Part(node, "ordinal") is null)
            return new WeeklySyntax(Vocabulary.Days.First(d => d.Word == token.Text).Days, Span(node));
        DayOfWeek? weekday = Part(node, "weekday") is { } named ? Vocabulary.Weekdays.First(d => d.Word == Keyword(named)).Day : null;
        return new MonthlySyntax(new DayOfMonth(Vocabulary.Ordinals.First(o => o.Word == token.Text).Number, weekday), Span(node));
    }
}
