using System.Collections.Immutable;
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
    public static readonly DiagnosticDescriptor EvacuateWithoutWhenCode = Error("ULM1203", "`evacuate` in a rule that names no host",
        "`evacuate` empties the host that a condition is about; write `when CONDITION then evacuate ...`, or use `balance`");
    public static readonly DiagnosticDescriptor UntilReadsOtherSubjectCode = Error("ULM1204", "An `until` about VMs in a rule about hosts",
        "read only `host.` attributes in `until`, or read a `vm.` attribute in the condition too");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
        [RepeatedModifierCode, UntilWithoutWhenCode, EvacuateWithoutWhenCode, UntilReadsOtherSubjectCode];

    public static Diagnostic RepeatedModifier(Place at, string keyword, Place first) => Diagnostic.At(at, RepeatedModifierCode,
        $"this rule has two `{keyword}`", "written a second time here", null, DiagnosticLabel.At(first, "first written here"));

    public static Diagnostic UntilWithoutWhen(Place at, Place trigger) => Diagnostic.At(at, UntilWithoutWhenCode,
        "`until` needs a `when`", "nothing for this to end", null, DiagnosticLabel.At(trigger, "this rule fires by the clock"));

    public static Diagnostic EvacuateWithoutWhen(Place at, Place trigger) => Diagnostic.At(at, EvacuateWithoutWhenCode,
        "nothing says which host to evacuate", "from which host?", null, DiagnosticLabel.At(trigger, "this rule fires by the clock, for no host in particular"));

    public static Diagnostic UntilReadsOtherSubject(Place at, Place condition) => Diagnostic.At(at, UntilReadsOtherSubjectCode,
        "this `until` reads a VM, but the rule is about hosts", "which of the host's VMs?", null, DiagnosticLabel.At(condition, "this condition is about hosts"));
}
