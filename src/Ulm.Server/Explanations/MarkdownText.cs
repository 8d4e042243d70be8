using System.Text;

namespace Ulm.Server.Explanations;

/// <summary>
/// Markdown as a terminal shows it, as far as our own pages use it: paragraphs and lists are wrapped, samples indented. Words in
/// backticks keep them, as in every other message.
/// </summary>
internal static class MarkdownText
{
    public const int Width = 100;

    private const string Fence = "```", Bullet = "- ", SampleIndent = "    ", Repeat = "repeat=";

    public static string Of(string markdown)
    {
        var text = new StringBuilder();
        string? repeat = null;
        var inSample = false;
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                inSample = !inSample;
                // Of what only happens in very long texts, a page shows the line that makes one.
                if (repeat is not null) text.Append(SampleIndent).Append("# ... the last line ").Append(repeat).Append(" times\n");
                repeat = inSample && line.IndexOf(Repeat, StringComparison.Ordinal) is > 0 and var at ? line[(at + Repeat.Length)..] : null;
            }
            else if (inSample)
                text.Append((SampleIndent + line).TrimEnd()).Append('\n');
            else
                Wrap(text, line, line.StartsWith(Bullet, StringComparison.Ordinal) ? Bullet.Length : 0);
        }

        return text.ToString();
    }

    private static void Wrap(StringBuilder text, string line, int hanging)
    {
        var column = 0;
        foreach (var word in line.Split(' '))
        {
            if (column > hanging && column + 1 + word.Length > Width)
            {
                text.Append('\n').Append(' ', hanging);
                column = hanging;
            }
            else if (column > 0)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
        }

        text.Append('\n');
    }
}
