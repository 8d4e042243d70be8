using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>One thing to say about a policy text.</summary>
/// <param name="SourceFile">The name of the source, as handed to the compiler.</param>
/// <param name="Line">Of the beginning of <paramref name="Span"/>, from 1.</param>
/// <param name="Column">From 1, in UTF-16 units; a tab counts as one.</param>
/// <param name="Label">What to write beside the underline; may be empty.</param>
/// <param name="Labels">Other places that belong to it.</param>
/// <param name="Help">What to do; null where there is nothing to add.</param>
public sealed record Diagnostic(
    DiagnosticDescriptor Descriptor,
    DiagnosticSeverity Severity,
    string Message,
    string SourceFile,
    TextSpan Span,
    int Line,
    int Column,
    string Label,
    ImmutableArray<DiagnosticLabel> Labels,
    string? Help)
{
    public string Code => Descriptor.Code;

    /// <summary>What to write in place of the text at <see cref="Span"/>, where there is one thing that was most likely meant; null: there is not.</summary>
    public string? Replacement { get; init; }

    /// <summary>One line for logs: <c>file:line:column: error ULM0101: message</c>.</summary>
    public override string ToString() => $"{SourceFile}:{Line}:{Column}: {Severity.ToString().ToLowerInvariant()} {Code}: {Message}";

    /// <param name="help">Null: the descriptor's.</param>
    internal static Diagnostic At(
        Place place, DiagnosticDescriptor descriptor, string message, string label = "", string? help = null, params ReadOnlySpan<DiagnosticLabel> labels)
    {
        var (line, column) = place.File.Position(place.Span.Start);
        var helpText = help ?? descriptor.Help;
        return new Diagnostic(descriptor, descriptor.DefaultSeverity, message, place.File.Name, place.Span, line, column, label,
            [.. labels], helpText.Length == 0 ? null : helpText);
    }
}

/// <summary>A second place a diagnostic speaks of.</summary>
public sealed record DiagnosticLabel(string SourceFile, TextSpan Span, int Line, int Column, string Text)
{
    internal static DiagnosticLabel At(Place place, string text)
    {
        var (line, column) = place.File.Position(place.Span.Start);
        return new DiagnosticLabel(place.File.Name, place.Span, line, column, text);
    }
}
