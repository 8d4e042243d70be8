using System.Globalization;
using System.Text;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>The lines of one file that a diagnostic speaks of, with what is underlined in them.</summary>
internal static class Snippet
{
    private const int TabWidth = 4;
    private const int LongestLine = 160;
    private const int Before = 60;

    public static void Append(StringBuilder text, SourceFile file, IReadOnlyList<Mark> marks, string gutter, AnsiPaint paint)
    {
        var bar = paint.In(AnsiPaint.Blue, "|");
        text.Append(gutter).Append(' ').Append(bar).Append('\n');
        var last = 0;
        foreach (var line in marks.Where(m => m.Line >= 1 && m.Line <= file.LineCount).GroupBy(m => m.Line).OrderBy(g => g.Key))
        {
            if (last != 0 && line.Key > last + 1)
                text.Append(paint.In(AnsiPaint.Blue, "...")).Append('\n');
            last = line.Key;
            var span = file.Line(line.Key);
            var (window, cutBefore, cutAfter) = Window(span, line.First().Span);
            var number = line.Key.ToString(CultureInfo.InvariantCulture).PadRight(gutter.Length);
            text.Append(paint.In(AnsiPaint.Blue, number)).Append(' ').Append(bar).Append(' ')
                .Append(cutBefore ? "…" : "").Append(Expand(file[window])).Append(cutAfter ? "…" : "");
            TrimEnd(text).Append('\n');
            foreach (var mark in line.OrderByDescending(m => m.Sign))
                AppendUnderline(text.Append(gutter).Append(' ').Append(bar).Append(' '), file, mark, window, cutBefore, paint);
        }
    }

    private static void AppendUnderline(StringBuilder text, SourceFile file, Mark mark, TextSpan window, bool cutBefore, AnsiPaint paint)
    {
        var start = Math.Clamp(mark.Span.Start, window.Start, window.End);
        var end = Math.Clamp(mark.Span.End, start, window.End);
        var indent = Width(file[TextSpan.FromBounds(window.Start, start)]) + (cutBefore ? 1 : 0);
        var length = Math.Max(1, Width(file[TextSpan.FromBounds(start, end)]));
        var label = mark.Text.Length == 0 ? "" : " " + mark.Text;
        text.Append(' ', indent).Append(paint.In(mark.Colour, new string(mark.Sign, length) + label)).Append('\n');
    }

    // A line of a damaged file can be the whole file; what matters is what stands round the fault.
    private static (TextSpan Window, bool CutBefore, bool CutAfter) Window(TextSpan line, TextSpan mark)
    {
        if (line.Length <= LongestLine)
            return (line, false, false);
        var start = Math.Clamp(mark.Start - Before, line.Start, Math.Max(line.Start, line.End - LongestLine));
        var end = Math.Min(line.End, start + LongestLine);
        return (TextSpan.FromBounds(start, end), start > line.Start, end < line.End);
    }

    private static string Expand(string text) => Quote.Printable(text.Replace("\t", new string(' ', TabWidth), StringComparison.Ordinal));

    private static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += rune.Value == '\t' ? TabWidth : 1;
        return width;
    }

    private static StringBuilder TrimEnd(StringBuilder text)
    {
        while (text[^1] == ' ')
            text.Length--;
        return text;
    }
}
