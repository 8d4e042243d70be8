using Ulm.Dsl.Diagnostics;

namespace Ulm.Server.Explanations;

/// <summary>What a code means.</summary>
/// <param name="Descriptor">Of a diagnostic; null for a refusal, which is neither error nor warning.</param>
/// <param name="Text">The page in Markdown, without its heading.</param>
public sealed record Explanation(string Code, string Title, DiagnosticDescriptor? Descriptor, string Text)
{
    /// <summary><c>error</c>, <c>warning</c>, or null.</summary>
    public string? Severity => Descriptor?.DefaultSeverity.ToString().ToLowerInvariant();

    /// <summary><c>syntax</c>, <c>names</c>, ...; null for a refusal.</summary>
    public string? Category => Descriptor?.Category.ToString().ToLowerInvariant();
}
