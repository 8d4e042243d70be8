using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Tests.</summary>
internal sealed partial class SyntaxBuilder
{
    private TestSyntax Test(TreeNode node, TextSpan span)
    {
        var start = Part(node, "testStart")!;
        return new TestSyntax(
            Name(node.Children[1]),
            Name(node.Children[4]),
            start.Children.Count == 0 ? null : new TestStartSyntax(Number(start.Children[1]), Number(start.Children[2]), Span(start)),
            [
                .. Part(node, "testSeries")!.Children.Select(Series),
                .. Part(node, "testMoments")!.Children.Select(m => Moment(m.Children[0])),
            ],
            tokens, span);
    }

    private TestItemSyntax Series(TreeNode node)
    {
        var attribute = Part(node, "seriesAttribute")!;
        return new SeriesSyntax(
            Keyword(node.Children[0]) == Vocabulary.Vm ? SubjectKind.Vm : SubjectKind.Host,
            Name(node.Children[1]),
            Name(attribute.Children[0]),
            attribute.Children.Count > 1 ? Name(attribute.Children[2]) : null,
            [.. Part(node, "seriesValues")!.Children.Select(Value)],
            Span(node));
    }

    private SeriesValueSyntax Value(TreeNode node) => new(
        Token(node.Children[0]).Kind == TokenKind.Number ? Number(node.Children[0]) : null,
        OptionalNumber(Part(node, "repeat")),
        Span(node));

    private TestItemSyntax Moment(TreeNode node) => node.Name switch
    {
        "testEvent" => new TestEventSyntax(Number(node.Children[1]), EventOf(Keyword(node.Children[^1])), Name(node.Children[3]), Span(node)),
        "expectation" => new ExpectationSyntax(OptionalNumber(node), Expected(node.Children[^1].Children[0], Span(node.Children[^1])), Span(node)),
        var other => throw Unknown(other),
    };

    private ExpectedSyntax Expected(TreeNode node, TextSpan span) => node.IsToken ? new ExpectedNothingSyntax(span) : node.Name switch
    {
        "expectedStep" => Step(Part(node, "stepKind")!, OptionalName(Part(node, "byRule")), span),
        "pending" => new ExpectedPendingSyntax(Name(node.Children[1]), TestSubject(node.Children[3]), OptionalNumber(Part(node, "pendingFor")), span),
        "fires" => new ExpectedFiresSyntax(
            Name(node.Children[0]), Part(node, "firesOn") is { Children.Count: > 0 } on ? TestSubject(on.Children[1]) : null, span),
        "refused" => new ExpectedRefusedSyntax([.. node.Children.Skip(1).Select(Name)], span),
        var other => throw Unknown(other),
    };

    private ExpectedStepSyntax Step(TreeNode node, NameSyntax? by, TextSpan span)
    {
        var kind = Token(node.Children[0]).Text switch
        {
            Vocabulary.Migrate => ExpectedStep.Migrate,
            Vocabulary.Power => Token(node.Children[1]).Text == Vocabulary.Off ? ExpectedStep.PowerOff : ExpectedStep.PowerOn,
            Vocabulary.Suspend => ExpectedStep.Suspend,
            Vocabulary.Drain => ExpectedStep.Drain,
            Vocabulary.Notify => ExpectedStep.Notify,
            Vocabulary.Run => ExpectedStep.RunHook,
            var other => throw Unknown(other),
        };
        return new ExpectedStepSyntax(kind, OptionalName(Part(node, "expectedVm")), OptionalName(Part(node, "expectedTarget") ?? Part(node, "expectedHost")), by, span);
    }

    private NameSyntax TestSubject(TreeNode node) => Name(node.Children[^1]);

    private static SubjectEvent EventOf(string word) => Vocabulary.Events.First(e => e.Word == word).Event;
}
