using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Server.Policies;

/// <summary>What a look at the policy texts came to.</summary>
/// <param name="Faults">For people, with places and carets; empty if there is nothing to say.</param>
public sealed record PolicyReload(CompilationResult Result, ImmutableArray<SourceText> Sources, string Faults, bool Usable)
{
    internal static PolicyReload Of(PolicyFiles files) => new(
        files.Result, files.Sources, files.Result.Diagnostics.IsEmpty ? "" : DiagnosticText.Render(files.Result.Diagnostics, files.Sources), !files.Result.HasErrors);

    public static PolicyReload Unreadable(string because) => new(new CompilationResult(PolicySet.Empty, []), [], because, false);
}
