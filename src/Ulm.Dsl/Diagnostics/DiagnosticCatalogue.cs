using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Ulm.Dsl.Diagnostics;

/// <summary>Everything the compiler can say, ordered by code.</summary>
public static class DiagnosticCatalogue
{
    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        .. SyntaxDiagnostics.All.AddRange(LimitDiagnostics.All).AddRange(NameDiagnostics.All).AddRange(UnitDiagnostics.All)
            .AddRange(RuleDiagnostics.All).AddRange(ScheduleDiagnostics.All).AddRange(SafetyDiagnostics.All).AddRange(LintDiagnostics.All)
            .AddRange(ActionDiagnostics.All).AddRange(TestDiagnostics.All).AddRange(ConstraintDiagnostics.All)
            .OrderBy(d => d.Code, StringComparer.Ordinal),
    ];

    private static readonly FrozenDictionary<string, DiagnosticDescriptor> ByCode =
        All.ToFrozenDictionary(d => d.Code, StringComparer.OrdinalIgnoreCase);

    /// <summary>The descriptor of a code such as <c>ULM0101</c>, in upper or lower case; null where there is none.</summary>
    public static DiagnosticDescriptor? Find(string code) => ByCode.GetValueOrDefault(code);
}
