using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM3xxx: sentences that clash, and what could do harm.</summary>
internal static class SafetyDiagnostics
{
    private static DiagnosticDescriptor Make(string code, string title, string help, DiagnosticSeverity severity = DiagnosticSeverity.Warning) =>
        new(code, title, DiagnosticCategory.Safety, severity, help);

    public static readonly DiagnosticDescriptor NoHostsKeptOnCode = Make("ULM3001", "Hosts are powered off, and nothing keeps any on",
        "say how many hosts must stay on, for example `always keep 2 hosts on`");
    public static readonly DiagnosticDescriptor ContradictoryKeepCode = Make("ULM3002", "Two numbers of hosts to keep on for the same cluster",
        "keep one of the two", DiagnosticSeverity.Error);
    public static readonly DiagnosticDescriptor NeverTrueCode = Make("ULM3003", "A condition that can never be true",
        "as it stands this part of the rule does nothing; look at the marks and at `and` / `or`");
    public static readonly DiagnosticDescriptor AlwaysTrueCode = Make("ULM3004", "A condition that is always true",
        "as it stands the condition makes no difference; look at the marks and at `and` / `or`");
    public static readonly DiagnosticDescriptor WeakerKeepCode = Make("ULM3005", "A number of hosts to keep on that another sentence outdoes",
        "both hold, so the greater number counts; remove this sentence or raise its number");

    public static readonly DiagnosticDescriptor RulesUndoCode = Make("ULM3006", "Two rules that undo one another",
        "keep the two conditions apart, so that what one rule does is no reason for the other");
    public static readonly DiagnosticDescriptor MissingGapCode = Make("ULM3007", "Opposite marks without a gap",
        "leave some room between the two marks, for example 10 percentage points, or every small change of the load crosses both");
    public static readonly DiagnosticDescriptor UntilWithinConditionCode = Make("ULM3008", "A second mark that already holds where the rule fires",
        "`until` must be false where the condition is true: move its mark to the other side");
    public static readonly DiagnosticDescriptor PackedToTheMarkCode = Make("ULM3009", "A consolidation that fills hosts to where VMs are taken off them",
        "consolidate to below the mark, with some room, for example 10 percentage points");
    public static readonly DiagnosticDescriptor ShutOutCode = Make("ULM3010", "A guard that is shut wherever the condition holds",
        "as it stands the rule never fires; look at the marks of both");
    public static readonly DiagnosticDescriptor NoMoveEndsItCode = Make("ULM3011", "An evacuation that does not end what it is for",
        "add what is wrong with the VM's host, for example `and host.cpu > 70%`; or a second mark with `until`, so that it moves once");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        NoHostsKeptOnCode, ContradictoryKeepCode, NeverTrueCode, AlwaysTrueCode, WeakerKeepCode, RulesUndoCode, MissingGapCode,
        UntilWithinConditionCode, PackedToTheMarkCode, ShutOutCode, NoMoveEndsItCode,
    ];

    public static Diagnostic NoHostsKeptOn(Place at, string verb) => Diagnostic.At(at, NoHostsKeptOnCode,
        $"this can {verb} every idle host, and no `always keep` sentence says how many must stay on", "no lower limit");

    public static Diagnostic ContradictoryKeep(Place at, string where, Place first) => Diagnostic.At(at, ContradictoryKeepCode,
        $"{where} already has another number of hosts to keep on", "a second number", null, DiagnosticLabel.At(first, "the first number"));

    public static Diagnostic NeverTrue(Place at) => Diagnostic.At(at, NeverTrueCode, "this can never be true", "never true");

    public static Diagnostic AlwaysTrue(Place at) => Diagnostic.At(at, AlwaysTrueCode, "this is always true", "always true");

    public static Diagnostic WeakerKeep(Place at, string cluster, Place general) => Diagnostic.At(at, WeakerKeepCode,
        $"this makes no difference for cluster {Quote.Code(cluster)}", "asks for less than holds anyway", null,
        DiagnosticLabel.At(general, "holds in every cluster"));

    public static Diagnostic RulesUndo(Place at, string quantity, Place other) => Diagnostic.At(at, RulesUndoCode,
        $"there are values of {Quote.Code(quantity)} with which this powers hosts off and another rule powers them on", "powers off here", null,
        DiagnosticLabel.At(other, "powers on here"));

    public static Diagnostic MissingGap(Place at, string quantity, Place other) => Diagnostic.At(at, MissingGapCode,
        $"the marks of {Quote.Code(quantity)} here and in the opposite condition are next to one another", "one mark", null,
        DiagnosticLabel.At(other, "the opposite mark"));

    public static Diagnostic UntilWithinCondition(Place at, string quantity, Place condition) => Diagnostic.At(at, UntilWithinConditionCode,
        $"there are values of {Quote.Code(quantity)} with which both this and the rule's own condition are true", "already true there", null,
        DiagnosticLabel.At(condition, "the rule fires here"));

    public static Diagnostic ShutOut(Place at, Place condition) => Diagnostic.At(at, ShutOutCode,
        "this guard lets nothing through that the rule's condition is true of", "shut wherever the rule would fire", null, DiagnosticLabel.At(condition, "the rule would fire here"));

    public static Diagnostic NoMoveEndsIt(Place at, Place evacuation) => Diagnostic.At(at, NoMoveEndsItCode,
        "this is as true of a VM on any other host, so the rule moves VMs as long as it lasts", "the VM's own", null, DiagnosticLabel.At(evacuation, "does not end it"));

    public static Diagnostic PackedToTheMark(Place at, Place evacuation) => Diagnostic.At(at, PackedToTheMarkCode,
        "this fills hosts to where another rule evacuates them again", "fills hosts up", null, DiagnosticLabel.At(evacuation, "evacuates them here"));
}
