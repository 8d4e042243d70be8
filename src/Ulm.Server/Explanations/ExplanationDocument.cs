using System.Collections.Immutable;

namespace Ulm.Server.Explanations;

/// <summary>One explanation for other programs.</summary>
/// <param name="Severity">Null, like <paramref name="Category"/>, for a refusal.</param>
/// <param name="Text">Markdown.</param>
public sealed record ExplanationDocument(string Schema, string Code, string Title, string? Severity, string? Category, string Text)
{
    public static ExplanationDocument Of(Explanation e) => new("ulm.explanation/1", e.Code, e.Title, e.Severity, e.Category, e.Text);
}

/// <summary>All codes, without their texts.</summary>
public sealed record ExplanationListDocument(string Schema, ImmutableArray<ExplanationListDocument.Entry> Explanations)
{
    public static ExplanationListDocument Of(IEnumerable<Explanation> all) =>
        new("ulm.explanations/1", [.. all.Select(e => new Entry(e.Code, e.Title, e.Severity, e.Category))]);

    public sealed record Entry(string Code, string Title, string? Severity, string? Category);
}
