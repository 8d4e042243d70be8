using Irony.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Tests.</summary>
internal sealed partial class SyntaxBuilder
{
    private TestSyntax Test(ParseTreeNode node, TextSpan span)
    {
        var start = Part(node, "testStart")!;
        return new TestSyntax(
            Name(node.ChildNodes[1]),
            Name(node.ChildNodes[4]),
            start.ChildNodes.Count == 0 ? null : new TestStartSyntax(Number(start.ChildNodes[1]), Number(start.ChildNodes[2]), Span(start)),
            [
                .. Part(node, "testSeries")!.ChildNodes.Select(Series),
                .. Part(node, "testMoments")!.ChildNodes.Select(m => Moment(m.ChildNodes[0])),
            ],
            tokens, span);
    }

    private TestItemSyntax Series(ParseTreeNode node)
    {
        var attribute = Part(node, "seriesAttribute")!;
        return new SeriesSyntax(
            Keyword(node.ChildNodes[0]) == Vocabulary.Vm ? SubjectKind.Vm : SubjectKind.Host,
            Name(node.ChildNodes[1]),
            Name(attribute.ChildNodes[0]),
            attribute.ChildNodes.Count > 1 ? Name(attribute.ChildNodes[2]) : null,
            [.. Part(node, "seriesValues")!.ChildNodes.Select(Value)],
            Span(node));
    }

    private SeriesValueSyntax Value(ParseTreeNode node) => new(
        Token(node.ChildNodes[0]).Kind == TokenKind.Number ? Number(node.ChildNodes[0]) : null,
        OptionalNumber(Part(node, "repeat")),
        Span(node));

    private TestItemSyntax Moment(ParseTreeNode node) => node.Term.Name switch
    {
        "testEvent" => new TestEventSyntax(Number(node.ChildNodes[1]), EventOf(Keyword(node.ChildNodes[^1])), Name(node.ChildNodes[3]), Span(node)),
        "expectation" => new ExpectationSyntax(OptionalNumber(node), Expected(node.ChildNodes[^1].ChildNodes[0], Span(node.ChildNodes[^1])), Span(node)),
        var other => throw Unknown(other),
    };

    private ExpectedSyntax Expected(ParseTreeNode node, TextSpan span) => node.Token is not null ? new ExpectedNothingSyntax(span) : node.Term.Name switch
    {
        "expectedStep" => Step(Part(node, "stepKind")!, OptionalName(Part(node, "byRule")), span),
        "pending" => new ExpectedPendingSyntax(Name(node.ChildNodes[1]), TestSubject(node.ChildNodes[3]), OptionalNumber(Part(node, "pendingFor")), span),
        "fires" => new ExpectedFiresSyntax(
            Name(node.ChildNodes[0]), Part(node, "firesOn") is { ChildNodes.Count: > 0 } on ? TestSubject(on.ChildNodes[1]) : null, span),
        "refused" => new ExpectedRefusedSyntax([.. node.ChildNodes.Skip(1).Select(Name)], span),
        var other => throw Unknown(other),
    };

    private ExpectedStepSyntax Step(ParseTreeNode node, NameSyntax? by, TextSpan span)
    {
        var kind = Token(node.ChildNodes[0]).Text switch
        {
            Vocabulary.Migrate => ExpectedStep.Migrate,
            Vocabulary.Power => Token(node.ChildNodes[1]).Text == Vocabulary.Off ? ExpectedStep.PowerOff : ExpectedStep.PowerOn,
            Vocabulary.Suspend => ExpectedStep.Suspend,
            Vocabulary.Drain => ExpectedStep.Drain,
            Vocabulary.Notify => ExpectedStep.Notify,
            Vocabulary.Run => ExpectedStep.RunHook,
            var other => throw Unknown(other),
        };
        return new ExpectedStepSyntax(kind, OptionalName(Part(node, "expectedVm")), OptionalName(Part(node, "expectedTarget") ?? Part(node, "expectedHost")), by, span);
    }

    private NameSyntax TestSubject(ParseTreeNode node) => Name(node.ChildNodes[^1]);

    private static SubjectEvent EventOf(string word) => Vocabulary.Events.First(e => e.Word == word).Event;
}
