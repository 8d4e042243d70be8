using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM12xx: parts of a rule that do not go together.</summary>
internal static class RuleDiagnostics
{
    private static DiagnosticDescriptor Error(string code, string title, string help) =>
        new(code, title, DiagnosticCategory.Names, DiagnosticSeverity.Error, help);

    public static readonly DiagnosticDescriptor RepeatedModifierCode = Error("ULM1201", "A modifier written twice", "keep one of the two");
    public static readonly DiagnosticDescriptor UntilWithoutWhenCode = Error("ULM1202", "`until` in a rule that has no condition",
        "`until` is the second mark of a `when` rule; remove it, or write `when CONDITION then ...`");
    public static readonly DiagnosticDescriptor UntilReadsFinerCode = Error("ULM1204", "An `until` that the rule has several answers for",
        "read in `until` what the condition is about: a VM, a host or a cluster");
    public static readonly DiagnosticDescriptor RepeatedGuardCode = Error("ULM1211", "A guard written twice", "");
    public static readonly DiagnosticDescriptor GuardReadsFinerCode = Error("ULM1212", "A guard that the rule has several answers for",
        "ask of all of them at once, for example `any vm (tagged \"x\")`");
    public static readonly DiagnosticDescriptor ReadsVmCode = Error("ULM1213", "A VM read where hosts are chosen",
        "ask of all its VMs at once, for example with `host.vms`, or choose among VMs");
    public static readonly DiagnosticDescriptor CannotBeAskedCode = Error("ULM1214", "A question that has no answer", "");
    public static readonly DiagnosticDescriptor CooldownPerCode = Error("ULM1215", "A cooldown for each of something the rule is not about",
        "leave `per` out: after a firing, the rule's own subject is left alone");
    public static readonly DiagnosticDescriptor UnusableTextCode = Error("ULM1216", "A text that can't be shown",
        "write 1 to 500 characters, none of them a control character");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        RepeatedModifierCode, UntilWithoutWhenCode, UntilReadsFinerCode,
        RepeatedGuardCode, GuardReadsFinerCode, ReadsVmCode, CannotBeAskedCode, CooldownPerCode, UnusableTextCode,
    ];

    public static Diagnostic RepeatedModifier(Place at, string keyword, Place first) => Diagnostic.At(at, RepeatedModifierCode,
        $"this rule has two `{keyword}`", "written a second time here", null, DiagnosticLabel.At(first, "first written here"));

    public static Diagnostic UntilWithoutWhen(Place at, Place trigger, bool onEvent) => Diagnostic.At(at, UntilWithoutWhenCode,
        "`until` needs a `when`", "nothing for this to end", null,
        DiagnosticLabel.At(trigger, onEvent ? "this rule fires on an event" : "this rule fires by the clock"));

    public static Diagnostic UntilReadsFiner(Place at, SubjectKind read, SubjectKind subject, Place condition) => Diagnostic.At(at, UntilReadsFinerCode,
        $"this `until` reads {One(read)}, but the rule is about {Many(subject)}", $"which of the {OfOne(subject)} {Many(read)}?", null,
        DiagnosticLabel.At(condition, $"this condition is about {Many(subject)}"));

    public static Diagnostic RepeatedGuard(Place at, string keyword, string help, Place first) => Diagnostic.At(at, RepeatedGuardCode,
        $"this rule has two `{keyword}`", "written a second time here", help, DiagnosticLabel.At(first, "first written here"));

    public static Diagnostic GuardReadsFiner(Place at, SubjectKind read, SubjectKind subject, Place trigger) => Diagnostic.At(at, GuardReadsFinerCode,
        $"this guard reads {One(read)}, but the rule is about {Many(subject)}", $"which of the {OfOne(subject)} {Many(read)}?", null,
        DiagnosticLabel.At(trigger, $"this rule is about {Many(subject)}"));

    public static Diagnostic QuantifierReadsVm(Place at) => Diagnostic.At(at, ReadsVmCode,
        "this is asked of each host, but reads a VM", "which of the host's VMs?");

    public static Diagnostic GroupReadsVm(Place at) => Diagnostic.At(at, ReadsVmCode,
        "this chooses among hosts, but reads a VM", "which of the host's VMs?");

    public static Diagnostic CannotBeAsked(Place at, string why, string help) => Diagnostic.At(at, CannotBeAskedCode, why, "has no answer", help);

    public static Diagnostic CooldownPerFiner(Place at, SubjectKind subject, Place trigger) => Diagnostic.At(at, CooldownPerCode,
        $"the rule is about {Many(subject)}, so it never fires for one {at.Text} alone", $"which of the {OfOne(subject)}?", null,
        DiagnosticLabel.At(trigger, $"this rule is about {Many(subject)}"));

    public static Diagnostic CooldownPerNothing(Place at, Place trigger) => Diagnostic.At(at, CooldownPerCode,
        $"this rule fires for no {at.Text} in particular", "which one?", null, DiagnosticLabel.At(trigger, "this rule fires by the clock"));

    public static Diagnostic UnusableText(Place at) => Diagnostic.At(at, UnusableTextCode, "this text can't be shown", "empty, too long, or not printable");

    private static string One(SubjectKind kind) => kind switch
    {
        SubjectKind.Vm => "a VM",
        SubjectKind.Host => "a host",
        _ => "a cluster",
    };

    private static string Many(SubjectKind kind) => kind switch
    {
        SubjectKind.Vm => "VMs",
        SubjectKind.Host => "hosts",
        _ => "clusters",
    };

    private static string OfOne(SubjectKind kind) => kind == SubjectKind.Host ? "host's" : "cluster's";
}
