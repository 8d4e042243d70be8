using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM1203 and ULM13xx: actions that do not go with the rule they stand in, and what their parts say.</summary>
internal static class ActionDiagnostics
{
    private static DiagnosticDescriptor Error(string code, string title, string help) =>
        new(code, title, DiagnosticCategory.Names, DiagnosticSeverity.Error, help);

    public static readonly DiagnosticDescriptor NeedsHostCode = Error("ULM1203", "An action on a host, in a rule that names none", "");
    public static readonly DiagnosticDescriptor UnknownPlaceholderCode = Error("ULM1301", "A placeholder that is not known",
        "in braces stands `host.name`, `vm.name`, `cluster.name`, what a condition can read, such as `host.cpu`, or `rule`, `reason`, `because`; write `{{` for a brace");
    public static readonly DiagnosticDescriptor PlaceholderOfOtherSubjectCode = Error("ULM1302", "A placeholder that the rule can't fill in",
        "leave it out, or let the rule's condition be about what it names");
    public static readonly DiagnosticDescriptor UnclosedPlaceholderCode = Error("ULM1303", "A brace that is not closed",
        "write the closing `}`, or `{{` for a brace that is to be shown");
    public static readonly DiagnosticDescriptor ConditionOfOtherSubjectCode = Error("ULM1304", "A condition about something else than its action", "");
    public static readonly DiagnosticDescriptor BalanceByNetworkCode = Error("ULM1305", "Hosts balanced by network",
        "hosts are evened out by `cpu` or `memory`; `by network` only chooses which VM is evacuated");
    public static readonly DiagnosticDescriptor UnusableTextCode = Error("ULM1306", "A text that is empty or too long",
        "write what whoever reads it should know, in 1 to 1000 characters");
    public static readonly DiagnosticDescriptor RepeatedLevelCode = Error("ULM1307", "Two levels for one resource", "keep one of the two");
    public static readonly DiagnosticDescriptor NothingFitsCode = Error("ULM1308", "A level that no host can stay below",
        "write how full hosts may get, for example `below 80% cpu`");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        NeedsHostCode, UnknownPlaceholderCode, PlaceholderOfOtherSubjectCode, UnclosedPlaceholderCode, ConditionOfOtherSubjectCode,
        BalanceByNetworkCode, UnusableTextCode, RepeatedLevelCode, NothingFitsCode,
    ];

    /// <param name="verb"><c>evacuate</c> or <c>drain</c>.</param>
    /// <param name="why">What the trigger gives instead of a host.</param>
    public static Diagnostic NeedsHost(Place at, string verb, Place trigger, string why) => Diagnostic.At(at, NeedsHostCode,
        $"nothing says which host to {verb}", "from which host?",
        verb == "drain"
            ? "write `drain host NAME`, or let a condition say which host is meant: `when CONDITION then drain host`"
            : "`evacuate` empties the host that a condition is about; write `when CONDITION then evacuate ...`, or use `balance`",
        DiagnosticLabel.At(trigger, why));

    public static Diagnostic UnknownPlaceholder(Place at, string name, string? nearest) => Diagnostic.At(at, UnknownPlaceholderCode,
        $"{Quote.Code(name)} is nothing that can be filled in", "not known", nearest is null ? null : $"did you mean `{{{nearest}}}`?");

    public static Diagnostic PlaceholderOfOtherSubject(Place at, SubjectKind wanted, Place trigger, string given) => Diagnostic.At(at, PlaceholderOfOtherSubjectCode,
        $"this rule does not know which {Noun(wanted)} is meant", $"of which {Noun(wanted)}?", null, DiagnosticLabel.At(trigger, given));

    public static Diagnostic UnclosedPlaceholder(Place at) => Diagnostic.At(at, UnclosedPlaceholderCode, "this `{` is not closed", "no `}` in the rest of the text");

    public static Diagnostic ConditionOfOtherSubject(Place at, SubjectKind found, SubjectKind needed) => Diagnostic.At(at, ConditionOfOtherSubjectCode,
        $"this condition is about {Noun(found)}s, and a condition about {Noun(needed)}s is needed here", $"which of the {Noun(needed)}'s {Noun(found)}s?",
        needed == SubjectKind.Cluster
            ? "read what clusters have, as in `cluster.cpu < 60%`, or say how many: `all hosts (host.cpu < 60%)`"
            : "read what hosts have, as in `host.memory.free > 8GiB`");

    public static Diagnostic BalanceByNetwork(Place at) => Diagnostic.At(at, BalanceByNetworkCode, "hosts can't be balanced by network", "only `cpu` or `memory`");

    public static Diagnostic UnusableText(Place at) => Diagnostic.At(at, UnusableTextCode, "this text can't be sent", "empty, or too long");

    public static Diagnostic RepeatedLevel(Place at, Place first) => Diagnostic.At(at, RepeatedLevelCode,
        "there is already a level for this resource", "a second level", null, DiagnosticLabel.At(first, "the first level"));

    public static Diagnostic NothingFits(Place at) => Diagnostic.At(at, NothingFitsCode, "no host can stay below 0%", "leaves room for nothing");

    private static string Noun(SubjectKind subject) => subject switch
    {
        SubjectKind.Host => "host",
        SubjectKind.Vm => "VM",
        SubjectKind.Cluster => "cluster",
        _ => throw new ArgumentOutOfRangeException(nameof(subject)),
    };
}
