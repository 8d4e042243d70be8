using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl;

/// <summary>What a compilation gave: the sentences that are sound, and everything there is to say about the text.</summary>
/// <param name="Policies">Only sentences without an error; to be used only where <see cref="HasErrors"/> is false.</param>
/// <param name="Diagnostics">In the order of the sources, then of the text.</param>
public sealed record CompilationResult(PolicySet Policies, ImmutableArray<Diagnostic> Diagnostics)
{
    public bool HasErrors => Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error);
}
