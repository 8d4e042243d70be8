using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>Tests: a site, what it measures from minute to minute, and what is to come of it.</summary>
internal sealed partial class PolicyGrammar
{
    private NonTerminal Test()
    {
        var start = Make("testStart", Empty | ToTerm(Vocabulary.Start) + Date + Number);
        var moment = Make("testMoment", TestEvent() | Expectation());
        return Make("testSentence",
            ToTerm(Vocabulary.Test) + ToTerm(QuotedText) + ToTerm(Vocabulary.OpenBrace)
            + ToTerm(Vocabulary.Site) + ToTerm(QuotedText) + start + AnyOf("testSeries", Series()) + AnyOf("testMoments", moment)
            + ToTerm(Vocabulary.CloseBrace));
    }

    private NonTerminal Series()
    {
        var subject = OneOf("seriesSubject", [Vocabulary.Host, Vocabulary.Vm]);
        var attribute = Make("seriesAttribute",
            ToTerm(Word) | ToTerm(Word) + ToTerm(Vocabulary.OpenBracket) + ToTerm(QuotedText) + ToTerm(Vocabulary.CloseBracket));
        var repeat = Make("repeat", Empty | ToTerm(Vocabulary.Times) + Number);
        var value = Make("seriesValue", ToTerm(Number) + repeat | ToTerm(Vocabulary.Missed) + repeat);
        return Make("series", subject + Name + attribute + ToTerm(Vocabulary.Colon) + ListOf("seriesValues", ToTerm(Vocabulary.Comma), value));
    }

    private NonTerminal TestEvent()
    {
        var hostEvent = OneOf("testHostEvent", [Vocabulary.Fails, Vocabulary.Returns]);
        var vmEvent = OneOf("testVmEvent", [Vocabulary.Starts, Vocabulary.Stops]);
        return Make("testEvent",
            ToTerm(Vocabulary.At) + Number + ToTerm(Vocabulary.Host) + Name + hostEvent
            | ToTerm(Vocabulary.At) + Number + ToTerm(Vocabulary.Vm) + Name + vmEvent);
    }

    private NonTerminal Expectation()
    {
        var expected = Make("expected", ToTerm(Vocabulary.Nothing) | ExpectedStep() | Pending() | Fires() | Refused());
        return Make("expectation",
            ToTerm(Vocabulary.At) + Number + ToTerm(Vocabulary.Expect) + expected
            | ToTerm(Vocabulary.Never) + ToTerm(Vocabulary.Expect) + expected);
    }

    private NonTerminal ExpectedStep()
    {
        var vm = Make("expectedVm", Empty | ToTerm(Vocabulary.Vm) + Name);
        var host = Make("expectedHost", Empty | ToTerm(Vocabulary.Host) + Name);
        var target = Make("expectedTarget", Empty | ToTerm(Vocabulary.To) + ToTerm(Vocabulary.Host) + Name);
        var by = Make("byRule", Empty | ToTerm(Vocabulary.By) + Name);
        var kind = Make("stepKind",
            ToTerm(Vocabulary.Migrate) + vm + target
            | ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.Off) + host
            | ToTerm(Vocabulary.Power) + ToTerm(Vocabulary.On) + host
            | ToTerm(Vocabulary.Suspend) + host
            | ToTerm(Vocabulary.Drain) + host
            | ToTerm(Vocabulary.Notify)
            | ToTerm(Vocabulary.Run) + ToTerm(Vocabulary.Hook));
        return Make("expectedStep", kind + by);
    }

    private NonTerminal Pending()
    {
        var duration = Make("pendingFor", Empty | ToTerm(Vocabulary.For) + Number);
        return Make("pending", ToTerm(Vocabulary.Pending) + Name + ToTerm(Vocabulary.On) + TestSubject + duration);
    }

    private NonTerminal Fires()
    {
        var on = Make("firesOn", Empty | ToTerm(Vocabulary.On) + TestSubject);
        return Make("fires", Name + ToTerm(Vocabulary.Fires) + on);
    }

    private NonTerminal Refused() => Make("refused", ToTerm(Vocabulary.Refused) | ToTerm(Vocabulary.Refused) + Name | ToTerm(Vocabulary.Refused) + Name + Name);

    // Its kind may be left out: no two things of a site that a rule can be about are likely to bear one name.
    private NonTerminal TestSubject => _testSubject ??= Make("testSubject",
        Name | ToTerm(Vocabulary.Host) + Name | ToTerm(Vocabulary.Vm) + Name | ToTerm(Vocabulary.Cluster) + Name);

    private NonTerminal? _testSubject;
}
