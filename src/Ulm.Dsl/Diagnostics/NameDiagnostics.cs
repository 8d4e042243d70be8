using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM10xx: names of policies, definitions and attributes.</summary>
internal static class NameDiagnostics
{
    private static DiagnosticDescriptor Error(string code, string title, string help) =>
        new(code, title, DiagnosticCategory.Names, DiagnosticSeverity.Error, help);

    public static readonly DiagnosticDescriptor DuplicatePolicyCode = Error("ULM1001", "Two policies of one name",
        "every log line, plan and page names the policy; give each a name of its own");
    public static readonly DiagnosticDescriptor DuplicateDefinitionCode = Error("ULM1002", "Two definitions of one name",
        "definitions hold in all files of a site; rename or remove one of the two");
    public static readonly DiagnosticDescriptor UnknownNameCode = Error("ULM1003", "A name nothing defines",
        "define it with `let NAME = CONDITION`, or write the condition out");
    public static readonly DiagnosticDescriptor CyclicDefinitionCode = Error("ULM1004", "A definition that leads back to itself",
        "write out one of the definitions, so that each comes to an end");
    public static readonly DiagnosticDescriptor ReservedNameCode = Error("ULM1005", "A definition with a name that is taken", "choose another name");
    public static readonly DiagnosticDescriptor DefinitionTooLargeCode = Error("ULM1006", "A condition that grows too large",
        "say it with fewer comparisons, or in several rules");
    public static readonly DiagnosticDescriptor UnusableNameCode = Error("ULM1007", "A name that can't be shown",
        "a name has 1 to 200 characters, none of them a control character");
    public static readonly DiagnosticDescriptor UnknownAttributeCode = Error("ULM1008", "An attribute that is not known",
        "a condition can read `host.cpu`, `host.memory`, `host.load`, `vm.cpu`, `cluster.cpu` and others, and any field of munin as `host.munin[\"plugin.field\"]`");
    public static readonly DiagnosticDescriptor DefinitionComparedCode = Error("ULM1009", "A definition compared with a value",
        "a definition is true or false by itself; leave the comparison out");
    public static readonly DiagnosticDescriptor BareAttributeCode = Error("ULM1010", "An attribute that is compared with nothing", "");
    public static readonly DiagnosticDescriptor MuninFieldCode = Error("ULM1011", "A munin field that is missing or can't be",
        "name the plugin and its field, as munin does: `host.munin[\"sensors_fan.fan1\"]`");
    public static readonly DiagnosticDescriptor WrongKindCode = Error("ULM1012", "A definition of the wrong kind", "");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        DuplicatePolicyCode, DuplicateDefinitionCode, UnknownNameCode, CyclicDefinitionCode, ReservedNameCode, DefinitionTooLargeCode,
        UnusableNameCode, UnknownAttributeCode, DefinitionComparedCode, BareAttributeCode, MuninFieldCode, WrongKindCode,
    ];

    public static Diagnostic DuplicatePolicy(Place at, string name, Place first) => Diagnostic.At(at, DuplicatePolicyCode,
        $"there is already a policy {Quote.Code(name)}", "used a second time here", null, DiagnosticLabel.At(first, "first used here"));

    public static Diagnostic DuplicateDefinition(Place at, string name, Place first) => Diagnostic.At(at, DuplicateDefinitionCode,
        $"{Quote.Code(name)} is already defined", "defined a second time here", null, DiagnosticLabel.At(first, "first defined here"));

    public static Diagnostic UnknownName(Place at, string? nearest) => Diagnostic.At(at, UnknownNameCode,
        $"nothing defines {Quote.Code(at.Text)}", "not a name of this site's policies", DidYouMean(nearest)) with { Replacement = nearest };

    public static Diagnostic UnknownWindow(Place at, string? nearest) => Diagnostic.At(at, UnknownNameCode,
        $"nothing defines {Quote.Code(at.Text)}", "neither a time window nor the name of one",
        DidYouMean(nearest) ?? "define it with `let NAME = 07:00-20:00 weekdays`, or write the window out") with { Replacement = nearest };

    public static Diagnostic UnknownCalendar(Place at, string? nearest) => Diagnostic.At(at, UnknownNameCode,
        $"nothing defines {Quote.Code(at.Text)}", "not a calendar of this site's policies",
        DidYouMean(nearest) ?? "define it with `calendar NAME = 2026-12-24 to 2026-12-26`") with { Replacement = nearest };

    public static Diagnostic UnknownState(Place at, string? nearest) => Diagnostic.At(at, UnknownNameCode,
        $"nothing defines {Quote.Code(at.Text)}", "neither a state of hosts nor a group of them",
        DidYouMean(nearest) ?? "a host is `idle`, `empty`, `on`, `off`, `draining` or `in maintenance`, or belongs to a group defined with `hosts NAME = CONDITION`") with { Replacement = nearest };

    /// <param name="isNot">What it should be: <c>is not a calendar</c>.</param>
    public static Diagnostic WrongKind(Place at, string isNot, Place definition, string help) => Diagnostic.At(at, WrongKindCode,
        $"{Quote.Code(at.Text)} {isNot}", "can't stand here", help, DiagnosticLabel.At(definition, "defined here"));

    public static Diagnostic MuninField(Place at, string what) => Diagnostic.At(at, MuninFieldCode, what, "not a plugin's field");

    public static Diagnostic CyclicDefinition(Place at, IReadOnlyList<string> path) => Diagnostic.At(at, CyclicDefinitionCode,
        path.Count == 2
            ? $"{Quote.Code(path[0])} is defined by itself"
            : $"{Quote.Code(path[0])} leads back to itself: {string.Join(" → ", path.Select(Quote.Clean))}",
        "this definition never comes to an end");

    public static Diagnostic ReservedName(Place at, string why) => Diagnostic.At(at, ReservedNameCode,
        $"{Quote.Code(at.Text)} can't be the name of a definition", why);

    public static Diagnostic DefinitionTooLarge(Place at) => Diagnostic.At(at, DefinitionTooLargeCode,
        $"with every name written out, this has more than {CompilerLimits.ConditionParts} comparisons, tests, `not`s and parentheses,"
        + $" or leads through more than {CompilerLimits.DefinitionDepth} definitions", "grows too large here");

    public static Diagnostic UnusableName(Place at) => Diagnostic.At(at, UnusableNameCode, "this can't be a name", "empty, too long, or not printable");

    public static Diagnostic UnknownAttribute(Place at, string? nearest) => Diagnostic.At(at, UnknownAttributeCode,
        $"{Quote.Code(at.Text)} is not something a policy can read", "not a known attribute", DidYouMean(nearest)) with { Replacement = nearest };

    public static Diagnostic DefinitionCompared(Place at, Place definition) => Diagnostic.At(at, DefinitionComparedCode,
        $"{Quote.Code(at.Text)} is a condition, not a quantity", "can't be compared", null, DiagnosticLabel.At(definition, "defined here"));

    public static Diagnostic BareAttribute(Place at, string example) => Diagnostic.At(at, BareAttributeCode,
        $"{Quote.Code(at.Text)} is a quantity, not a condition", "compared with nothing", $"compare it, for example `{example}`");

    private static string? DidYouMean(string? nearest) => nearest is null ? null : $"did you mean `{nearest}`?";
}
