using System.Text.RegularExpressions;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>A test, and the sentence it comes from.</summary>
internal sealed record BoundTest(PolicyTest Test, TestSyntax Syntax);

/// <summary>Tests of all files; bound when every rule has its name.</summary>
internal sealed partial class PolicyTestBinder(RuleNames rules, DiagnosticBag bag)
{
    private readonly Dictionary<string, Place> _names = new(StringComparer.Ordinal);
    private readonly SeriesBudget _budget = new();

    /// <summary>Null where the sentence has a fault.</summary>
    public BoundTest? Bind(ParsedSentence sentence, TestSyntax syntax)
    {
        var errors = bag.ErrorCount;
        var quantities = new QuantityReader(sentence, bag);
        CheckName(syntax.Name, sentence);
        RuleNames.CheckUsable(syntax.Site, sentence.At(syntax.Site.Span), bag);
        var series = new SeriesBinder(sentence, bag, _budget).Bind([.. syntax.Items.OfType<SeriesSyntax>()]);
        var events = syntax.Items.OfType<TestEventSyntax>().Select(e => Event(e, sentence, quantities)).ToList();
        var expectations = syntax.Items.OfType<ExpectationSyntax>().Select(e => Expectation(e, sentence, quantities)).ToList();
        if (expectations.Count == 0 && !syntax.Mended)
            bag.Add(TestDiagnostics.ExpectsNothingAtAll(sentence.At(syntax.Name.Span)));
        var start = Start(syntax.Start, quantities);
        if (errors != bag.ErrorCount)
            return null;
        var test = new PolicyTest(
            syntax.Name.Value, syntax.Site.Value, series, [.. events.OfType<TestEvent>()], [.. expectations.OfType<TestExpectation>()],
            sentence.Location(syntax.Span))
        {
            Start = start,
        };
        return new BoundTest(test, syntax);
    }

    private void CheckName(NameSyntax name, ParsedSentence sentence)
    {
        var place = sentence.At(name.Span);
        RuleNames.CheckUsable(name, place, bag);
        if (!_names.TryAdd(name.Value, place))
            bag.Add(TestDiagnostics.DuplicateTest(place, name.Value, _names[name.Value]));
    }

    private static DateTime? Start(TestStartSyntax? syntax, QuantityReader quantities) =>
        syntax is not null && quantities.Date(syntax.Date) is { } date && quantities.Time(syntax.Time) is { } time ? date.ToDateTime(time) : null;

    private TestEvent? Event(TestEventSyntax syntax, ParsedSentence sentence, QuantityReader quantities)
    {
        RuleNames.CheckUsable(syntax.Subject, sentence.At(syntax.Subject.Span), bag);
        return quantities.Offset(syntax.At) is { } at
            ? new TestEvent(at, syntax.Event, syntax.Subject.Value, TokenSpacing.Join(sentence, syntax.Span), sentence.Location(syntax.Span))
            : null;
    }

    private TestExpectation? Expectation(ExpectationSyntax syntax, ParsedSentence sentence, QuantityReader quantities)
    {
        var at = syntax.At is null ? null : quantities.Offset(syntax.At);
        if (syntax is { At: null, What: ExpectedNothingSyntax nothing })
            bag.Add(TestDiagnostics.NeverNothing(sentence.At(nothing.Span)));
        var what = Expected(syntax.What, sentence, quantities);
        return what is null || (syntax.At is not null && at is null) ? null
            : new TestExpectation(at, what, TokenSpacing.Join(sentence, syntax.Span), sentence.Location(syntax.Span));
    }

    private Expected? Expected(ExpectedSyntax syntax, ParsedSentence sentence, QuantityReader quantities)
    {
        switch (syntax)
        {
            case ExpectedNothingSyntax:
                return new Expected.Nothing();
            case ExpectedStepSyntax step:
                return new Expected.Step(step.Kind, Named(step.Vm), Named(step.Host), Rule(step.By));
            case ExpectedPendingSyntax pending:
                var duration = pending.For is null ? null : quantities.Duration(pending.For, "leave `for` out if it does not matter for how long");
                return new Expected.Pending(Rule(pending.Rule)!, Named(pending.Subject)!, duration);
            case ExpectedFiresSyntax fires:
                return new Expected.Fires(Rule(fires.Rule)!, Named(fires.Subject));
            case ExpectedRefusedSyntax refused:
                var codes = refused.Names.Where(n => Code().IsMatch(n.Value)).ToList();
                var names = refused.Names.Except(codes).ToList();
                if (codes.Count > 1 || names.Count > 1)
                    bag.Add(TestDiagnostics.TwoOfOneKind(sentence.At(refused.Names[1].Span), codes.Count > 1, sentence.At(refused.Names[0].Span)));
                return new Expected.Refused(Rule(names.FirstOrDefault()), codes.FirstOrDefault()?.Value);
            default:
                throw new InvalidOperationException($"No binding for {syntax.GetType().Name}.");
        }

        string? Named(NameSyntax? name)
        {
            if (name is not null)
                RuleNames.CheckUsable(name, sentence.At(name.Span), bag);
            return name?.Value;
        }

        string? Rule(NameSyntax? name)
        {
            if (name is not null && !rules.Has(name.Value))
                bag.Add(TestDiagnostics.UnknownRule(sentence.At(name.Span), bag.HasRoomFor(sentence.File) ? NearestWord.Find(name.Value, rules.Names) : null));
            return name?.Value;
        }
    }

    [GeneratedRegex("^ULM[0-9]{4}$")]
    private static partial Regex Code();
}
