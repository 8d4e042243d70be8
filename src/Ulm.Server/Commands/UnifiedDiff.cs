using System.Globalization;
using System.Text;

namespace Ulm.Server.Commands;

/// <summary>What differs between two texts, in the form that <c>diff -u</c> writes and <c>patch</c> reads.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <returns>Empty where nothing differs.</returns>
    public static string Of(string name, string before, string after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var edits = LineEdits.Between(old, now);
        var text = new StringBuilder();
        for (var i = 0; i < edits.Count;)
        {
            // Changes so near that what is shown round them would meet are shown together.
            var end = i + 1;
            while (end < edits.Count && edits[end].Old.Start - edits[end - 1].Old.End <= 2 * Context) end++;
            if (text.Length == 0) text.Append(CultureInfo.InvariantCulture, $"--- {name}\n+++ {name}\n");
            AppendHunk(text, old, now, edits.GetRange(i, end - i));
            i = end;
        }

        return text.ToString();
    }

    private static void AppendHunk(StringBuilder text, List<string> old, List<string> now, List<LineEdit> edits)
    {
        var before = Math.Min(Context, edits[0].Old.Start);
        var behind = Math.Min(Context, old.Count - edits[^1].Old.End);
        var (oldStart, oldEnd) = (edits[0].Old.Start - before, edits[^1].Old.End + behind);
        var (newStart, newEnd) = (edits[0].New.Start - before, edits[^1].New.End + behind);
        text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(oldStart, oldEnd)} +{Range(newStart, newEnd)} @@\n");
        var at = oldStart;
        foreach (var edit in edits)
        {
            for (; at < edit.Old.Start; at++) Append(text, ' ', old[at]);
            for (; at < edit.Old.End; at++) Append(text, '-', old[at]);
            for (var i = edit.New.Start; i < edit.New.End; i++) Append(text, '+', now[i]);
        }

        for (; at < oldEnd; at++) Append(text, ' ', old[at]);
    }

    // The format's own habit: a count of one is left out, and nothing begins at the line before.
    private static string Range(int start, int end) =>
        (end - start) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{start},0"),
        1 => string.Create(CultureInfo.InvariantCulture, $"{start + 1}"),
        var count => string.Create(CultureInfo.InvariantCulture, $"{start + 1},{count}"),
    };

    private static void Append(StringBuilder text, char sign, string line)
    {
        text.Append(sign).Append(line);
        if (!line.EndsWith('\n')) text.Append("\n\\ No newline at end of file\n");
    }

    /// <summary>Each with its end, so that one without an end differs from the same one with it.</summary>
    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) + 1;
            if (end == 0) end = text.Length;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }
}
