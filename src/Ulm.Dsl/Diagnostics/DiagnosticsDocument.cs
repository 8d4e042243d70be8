using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Ulm.Dsl.Diagnostics;

/// <summary>Diagnostics for other programs, in the form that <c>--format json</c> writes.</summary>
public sealed record DiagnosticsDocument(
    [property: JsonPropertyName("schema")] string Schema,
    [property: JsonPropertyName("errors")] int Errors,
    [property: JsonPropertyName("warnings")] int Warnings,
    [property: JsonPropertyName("diagnostics")] ImmutableArray<DiagnosticsDocument.Entry> Diagnostics)
{
    public const string SchemaName = "ulm.diagnostics/1";

    public static DiagnosticsDocument Of(IReadOnlyCollection<Diagnostic> diagnostics) => new(
        SchemaName,
        diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error),
        diagnostics.Count(d => d.Severity == DiagnosticSeverity.Warning),
        [.. diagnostics.Select(Entry.Of)]);

    /// <param name="Line">From 1.</param>
    /// <param name="Column">From 1, in UTF-16 units.</param>
    /// <param name="Start">From 0, in UTF-16 units from the beginning of the file.</param>
    public sealed record Entry(
        [property: JsonPropertyName("code")] string Code,
        [property: JsonPropertyName("severity")] string Severity,
        [property: JsonPropertyName("category")] string Category,
        [property: JsonPropertyName("title")] string Title,
        [property: JsonPropertyName("message")] string Message,
        [property: JsonPropertyName("file")] string File,
        [property: JsonPropertyName("line")] int Line,
        [property: JsonPropertyName("column")] int Column,
        [property: JsonPropertyName("start")] int Start,
        [property: JsonPropertyName("length")] int Length,
        [property: JsonPropertyName("label")] string Label,
        [property: JsonPropertyName("labels")] ImmutableArray<Label> Labels,
        [property: JsonPropertyName("help")] string? Help)
    {
        internal static Entry Of(Diagnostic d) => new(
            d.Code, d.Severity.ToString().ToLowerInvariant(), d.Descriptor.Category.ToString().ToLowerInvariant(), d.Descriptor.Title, d.Message,
            d.SourceFile, d.Line, d.Column, d.Span.Start, d.Span.Length, d.Label,
            [.. d.Labels.Select(l => new Label(l.SourceFile, l.Line, l.Column, l.Span.Start, l.Span.Length, l.Text))],
            d.Help);
    }

    public sealed record Label(
        [property: JsonPropertyName("file")] string File,
        [property: JsonPropertyName("line")] int Line,
        [property: JsonPropertyName("column")] int Column,
        [property: JsonPropertyName("start")] int Start,
        [property: JsonPropertyName("length")] int Length,
        [property: JsonPropertyName("text")] string Text);
}
