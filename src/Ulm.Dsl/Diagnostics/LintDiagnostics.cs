using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM4xxx: what is allowed but most likely not meant.</summary>
internal static class LintDiagnostics
{
    private static DiagnosticDescriptor Make(string code, string title, string help) =>
        new(code, title, DiagnosticCategory.Lints, DiagnosticSeverity.Warning, help);

    public static readonly DiagnosticDescriptor UnusedDefinitionCode = Make("ULM4001", "A definition nothing uses", "use it or remove it");
    public static readonly DiagnosticDescriptor MixedAndOrCode = Make("ULM4002", "`and` and `or` side by side without parentheses",
        "`and` binds before `or`; put parentheses round what belongs together");
    public static readonly DiagnosticDescriptor RepeatedConstraintCode = Make("ULM4003", "A constraint written twice", "remove one of the two");
    public static readonly DiagnosticDescriptor RepeatedActionCode = Make("ULM4004", "An action written twice in one rule",
        "once is enough; remove one of the two");

    public static readonly DiagnosticDescriptor ShortHoldCode = Make("ULM4005", "A `for` shorter than two polls",
        "name a time in which there are several measurements, for example `for 10m`; or leave `for` out if one is to be enough");
    public static readonly DiagnosticDescriptor ShortWindowCode = Make("ULM4006", "A function over less than two polls",
        "name a time in which there are several measurements, for example `10m`; or read the value itself");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
        [UnusedDefinitionCode, MixedAndOrCode, RepeatedConstraintCode, RepeatedActionCode, ShortHoldCode, ShortWindowCode];

    public static Diagnostic UnusedDefinition(Place at, string name) => Diagnostic.At(at, UnusedDefinitionCode,
        $"nothing uses {Quote.Code(name)}", "defined here, used nowhere");

    public static Diagnostic MixedAndOr(Place at) => Diagnostic.At(at, MixedAndOrCode,
        "it is easy to misread which of `and` and `or` comes first here", "taken together first");

    public static Diagnostic RepeatedConstraint(Place at, Place first) => Diagnostic.At(at, RepeatedConstraintCode,
        "this constraint is already there", "says nothing new", null, DiagnosticLabel.At(first, "first written here"));

    public static Diagnostic RepeatedAction(Place at, Place first) => Diagnostic.At(at, RepeatedActionCode,
        "this rule already does that", "says nothing new", null, DiagnosticLabel.At(first, "first written here"));

    public static Diagnostic ShortHold(Place at, TimeSpan pollingInterval) => Diagnostic.At(at, ShortHoldCode,
        $"{Quote.Code(at.Text)} is over after one measurement: there is one every {pollingInterval.TotalSeconds:0.#} s", "too short to hold anything back");

    public static Diagnostic ShortWindow(Place at, TimeSpan pollingInterval, bool isRate) => Diagnostic.At(at, ShortWindowCode,
        $"there is one measurement at most within {Quote.Code(at.Text)}: there is one every {pollingInterval.TotalSeconds:0.#} s", isRate ? "never known: a slope takes two" : "no more than the value itself");
}
