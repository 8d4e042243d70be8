using System.Text;

namespace Ulm.Dsl.Formatting;

/// <summary>From lines to text. Comments behind words stand in one column for as long as each line has one.</summary>
internal static class LineText
{
    public static string Of(IReadOnlyList<FormattedLine> lines)
    {
        var text = new StringBuilder();
        for (var i = 0; i < lines.Count;)
        {
            var end = i;
            var column = 0;
            while (end < lines.Count && lines[end] is { Words.Length: > 0, Comment: not null })
                column = Math.Max(column, lines[end++].Column + 2);
            for (end = Math.Max(end, i + 1); i < end; i++)
                Append(text, lines[i], column);
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, FormattedLine line, int commentColumn)
    {
        if (!line.IsBlank)
            text.Append(' ', line.Indent).Append(line.Words);
        if (line.Comment is not null)
            text.Append(' ', line.Words.Length == 0 ? 0 : commentColumn - line.Column).Append(line.Comment);
        text.Append('\n');
    }
}
