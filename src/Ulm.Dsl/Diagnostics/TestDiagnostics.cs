using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM14xx: what a test measures and expects.</summary>
internal static class TestDiagnostics
{
    private static DiagnosticDescriptor Make(string code, string title, string help, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        new(code, title, DiagnosticCategory.Names, severity, help);

    public static readonly DiagnosticDescriptor DuplicateTestCode = Make("ULM1401", "Two tests of one name", "a report names each test; give it a name of its own");
    public static readonly DiagnosticDescriptor UnknownRuleCode = Make("ULM1402", "A test that names a rule there is not",
        "a rule is named by `policy NAME`; one without is named after its file and line, as in `\"night.ulm:12\"`");
    public static readonly DiagnosticDescriptor UnknownAttributeCode = Make("ULM1403", "A series of something that is not measured",
        "a series names what is measured without its host or VM, as in `host h1 cpu: 50%` or `vm v1 memory: 2GiB`");
    public static readonly DiagnosticDescriptor DerivedAttributeCode = Make("ULM1404", "A series of something that follows from the site",
        "leave the series out; say in the site file what runs where, or let VMs start and stop, as in `at 5m vm v1 stops`");
    public static readonly DiagnosticDescriptor RepeatedSeriesCode = Make("ULM1405", "Two series of one thing", "put all its values into one series");
    public static readonly DiagnosticDescriptor NeverNothingCode = Make("ULM1406", "A test that never expects nothing",
        "say at which time something is expected, or what is never to happen, as in `never expect power off`");
    public static readonly DiagnosticDescriptor TwoOfOneKindCode = Make("ULM1407", "A refusal with two rules or two codes",
        "write one rule, one code such as `ULM6203`, both or neither");
    public static readonly DiagnosticDescriptor ExpectsNothingAtAllCode = Make("ULM1408", "A test that checks nothing",
        "say what is to be seen, as in `at 15m expect nothing` or `never expect power off`", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor NotAWholeMinuteCode = Make("ULM1409", "A time within a minute of a test",
        "a test looks once a minute; write whole minutes, as in `at 15m` or `at 1h30m`");
    public static readonly DiagnosticDescriptor SeriesTooLongCode = Make("ULM1410", "Too many values in the series of tests",
        "the last value goes on to the end of the test by itself; write less `x N`");
    public static readonly DiagnosticDescriptor BelowZeroCode = Make("ULM1411", "A measurement below zero", "write zero or more, or `_` for a missed poll");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        DuplicateTestCode, UnknownRuleCode, UnknownAttributeCode, DerivedAttributeCode, RepeatedSeriesCode, NeverNothingCode, TwoOfOneKindCode,
        ExpectsNothingAtAllCode, NotAWholeMinuteCode, SeriesTooLongCode, BelowZeroCode,
    ];

    public static Diagnostic DuplicateTest(Place at, string name, Place first) => Diagnostic.At(at, DuplicateTestCode,
        $"there is already a test {Quote.Code(name)}", "used a second time here", null, DiagnosticLabel.At(first, "first used here"));

    public static Diagnostic UnknownRule(Place at, string? nearest) => Diagnostic.At(at, UnknownRuleCode,
        $"there is no rule {Quote.Code(at.Text)}", "not a rule of these policies", DidYouMean(nearest)) with { Replacement = nearest };

    public static Diagnostic UnknownAttribute(Place at, string? nearest) => Diagnostic.At(at, UnknownAttributeCode,
        $"{Quote.Code(at.Text)} is nothing that can be measured here", "not known", DidYouMean(nearest)) with { Replacement = nearest };

    public static Diagnostic DerivedAttribute(Place at) => Diagnostic.At(at, DerivedAttributeCode,
        $"{Quote.Code(at.Text)} follows from the site, and can't be given", "known without being measured");

    public static Diagnostic RepeatedSeries(Place at, Place first) => Diagnostic.At(at, RepeatedSeriesCode,
        "there is already a series of this", "a second series", null, DiagnosticLabel.At(first, "the first series"));

    public static Diagnostic NeverNothing(Place at) => Diagnostic.At(at, NeverNothingCode,
        "this asks for something to happen every minute", "never nothing: always what?");

    public static Diagnostic TwoOfOneKind(Place at, bool codes, Place first) => Diagnostic.At(at, TwoOfOneKindCode,
        codes ? "a refusal has one code" : "a refusal is of one rule", "a second one", null, DiagnosticLabel.At(first, "the first one"));

    public static Diagnostic ExpectsNothingAtAll(Place at) => Diagnostic.At(at, ExpectsNothingAtAllCode,
        "this test can't fail: it expects nothing", "no `expect` in this test");

    public static Diagnostic NotAWholeMinute(Place at) => Diagnostic.At(at, NotAWholeMinuteCode,
        $"{Quote.Code(at.Text)} is not a whole number of minutes", "between two looks");

    public static Diagnostic SeriesTooLong(Place at) => Diagnostic.At(at, SeriesTooLongCode,
        $"a series has at most {CompilerLimits.SeriesLength} values (one a minute for a week), all tests together {CompilerLimits.SeriesValues}", "too many values");

    public static Diagnostic BelowZero(Place at) => Diagnostic.At(at, BelowZeroCode, $"{Quote.Code(at.Text)} can't be measured", "less than nothing");

    private static string? DidYouMean(string? nearest) => nearest is null ? null : $"did you mean `{nearest}`?";
}
