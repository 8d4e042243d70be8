using System.Globalization;
using System.Text;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>Diagnostics as people read them: where, the line itself, what is underlined, and what to do.</summary>
public static class DiagnosticText
{
    /// <param name="sources">The texts that were compiled; without the one a diagnostic is about, its line is left out.</param>
    /// <param name="colour">True: with ANSI colours.</param>
    public static string Render(IEnumerable<Diagnostic> diagnostics, IReadOnlyList<SourceText> sources, bool colour = false)
    {
        var files = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var source in sources)
            files.TryAdd(source.Name, new SourceFile(source));
        var paint = new AnsiPaint(colour);
        var text = new StringBuilder();
        foreach (var diagnostic in diagnostics)
        {
            if (text.Length > 0)
                text.Append('\n');
            Append(text, diagnostic, files, paint);
        }
        return text.ToString();
    }

    public static string Render(Diagnostic diagnostic, IReadOnlyList<SourceText> sources, bool colour = false) =>
        Render([diagnostic], sources, colour);

    private static void Append(StringBuilder text, Diagnostic diagnostic, Dictionary<string, SourceFile> files, AnsiPaint paint)
    {
        var main = diagnostic.Severity == DiagnosticSeverity.Error ? AnsiPaint.Red : AnsiPaint.Yellow;
        var kind = diagnostic.Severity.ToString().ToLowerInvariant();
        text.Append(paint.In(main, $"{kind}[{diagnostic.Code}]")).Append(paint.In(AnsiPaint.Bold, ": " + diagnostic.Message)).Append('\n');

        var marks = diagnostic.Labels
            .Select(l => new Mark(l.SourceFile, l.Span, l.Line, l.Text, '-', AnsiPaint.Blue))
            .Prepend(new Mark(diagnostic.SourceFile, diagnostic.Span, diagnostic.Line, diagnostic.Label, '^', main))
            .ToList();
        var gutter = new string(' ', marks.Max(m => m.Line).ToString(CultureInfo.InvariantCulture).Length);

        text.Append(gutter).Append(paint.In(AnsiPaint.Blue, "--> "))
            .Append(CultureInfo.InvariantCulture, $"{Quote.Printable(diagnostic.SourceFile)}:{diagnostic.Line}:{diagnostic.Column}\n");
        foreach (var group in marks.GroupBy(m => m.File))
        {
            if (group.Key != diagnostic.SourceFile)
            {
                var first = diagnostic.Labels.First(l => l.SourceFile == group.Key);
                text.Append(gutter).Append(paint.In(AnsiPaint.Blue, "::: "))
                    .Append(CultureInfo.InvariantCulture, $"{Quote.Printable(first.SourceFile)}:{first.Line}:{first.Column}\n");
            }
            if (files.TryGetValue(group.Key, out var file))
                Snippet.Append(text, file, [.. group], gutter, paint);
        }
        if (diagnostic.Help is not null)
            text.Append(gutter).Append(paint.In(AnsiPaint.Blue, " = ")).Append(paint.In(AnsiPaint.Bold, "help")).Append(": ").Append(diagnostic.Help).Append('\n');
    }
}

/// <summary>What is underlined, with which sign and colour.</summary>
internal sealed record Mark(string File, TextSpan Span, int Line, string Text, char Sign, string Colour);
