using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM31xx: standing constraints that clash with one another, or that nothing can meet.</summary>
internal static class ConstraintDiagnostics
{
    private static DiagnosticDescriptor Make(string code, string title, string help, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        new(code, title, DiagnosticCategory.Safety, severity, help);

    public static readonly DiagnosticDescriptor TwoLimitsCode = Make("ULM3101", "Two numbers for one limit", "keep one of the two");
    public static readonly DiagnosticDescriptor CannotBothHoldCode = Make("ULM3102", "Two constraints that can't both hold",
        "a constraint holds in every state; remove one of the two, or leave VMs out of it");
    public static readonly DiagnosticDescriptor RuledOutPreferenceCode = Make("ULM3103", "A preference that a constraint rules out",
        "the constraint counts; remove the preference", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor PinnedElsewhereCode = Make("ULM3104", "VMs that may not move and are to be kept on certain hosts",
        "ULM may not move such a VM there if it stands elsewhere; remove one of the two sentences", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor OneVmAloneCode = Make("ULM3105", "One VM to be kept apart from, or together with, no other",
        "name at least two, as in `vms app-1, cache-1`, or choose them by a tag, as in `vms tagged \"db\"`");
    public static readonly DiagnosticDescriptor ReservesNothingOrAllCode = Make("ULM3106", "A reserve of nothing or of everything",
        "write a percentage between 0% and 100%, for example `20%`");
    public static readonly DiagnosticDescriptor RepeatedNameCode = Make("ULM3107", "A name written twice in one list", "leave it out",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor GroupInListCode = Make("ULM3108", "A group of hosts in a list of hosts",
        "the name of a `hosts` definition stands alone; write a sentence for each");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        TwoLimitsCode, CannotBothHoldCode, RuledOutPreferenceCode, PinnedElsewhereCode, OneVmAloneCode, ReservesNothingOrAllCode, RepeatedNameCode,
        GroupInListCode,
    ];

    /// <param name="what">What is limited: <c>migrations per host</c>.</param>
    public static Diagnostic TwoLimits(Place at, string what, Place first) => Diagnostic.At(at, TwoLimitsCode,
        $"there is already another number for {what}", "a second number", null, DiagnosticLabel.At(first, "the first number"));

    public static Diagnostic CannotBothHold(Place at, string why, Place first) => Diagnostic.At(at, CannotBothHoldCode,
        $"this can't hold beside another constraint: {why}", "can't hold", null, DiagnosticLabel.At(first, "as long as this holds"));

    public static Diagnostic RuledOutPreference(Place at, Place constraint) => Diagnostic.At(at, RuledOutPreferenceCode,
        "a constraint asks for the opposite of this preference", "never comes to pass", null, DiagnosticLabel.At(constraint, "this always holds"));

    public static Diagnostic PinnedElsewhere(Place at, Place pinned) => Diagnostic.At(at, PinnedElsewhereCode,
        "some of these VMs may never be migrated", "can be watched, but not brought about", null, DiagnosticLabel.At(pinned, "may not move, by this sentence"));

    public static Diagnostic OneVmAlone(Place at) => Diagnostic.At(at, OneVmAloneCode,
        "one VM is neither apart from others nor together with them", "which others?");

    public static Diagnostic ReservesNothingOrAll(Place at, bool all) => Diagnostic.At(at, ReservesNothingOrAllCode,
        all ? $"with {Quote.Code(at.Text)} in reserve, no VM has room anywhere" : $"a reserve of {Quote.Code(at.Text)} is none",
        all ? "leaves nothing to run VMs on" : "reserves nothing");

    public static Diagnostic RepeatedName(Place at, Place first) => Diagnostic.At(at, RepeatedNameCode,
        $"{Quote.Code(at.Text)} is already in this list", "says nothing new", null, DiagnosticLabel.At(first, "first written here"));

    public static Diagnostic GroupInList(Place at, Place definition) => Diagnostic.At(at, GroupInListCode,
        $"{Quote.Code(at.Text)} is a group of hosts, and this is a list of single ones", "stands for several", null, DiagnosticLabel.At(definition, "defined here"));
}
