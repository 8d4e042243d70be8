using Ulm.Dsl.Policies;
using Ulm.Dsl.Text;

namespace Ulm.Server.Commands;

/// <summary>Finds a word of a constraint in its source: the model keeps only where the sentence begins.</summary>
internal static class SentencePlace
{
    /// <param name="word">The last word of the sentence that is equal to it, bare or quoted; null, or not found: the sentence's first word.</param>
    public static (TextSpan Span, int Line, int Column) Of(StandingConstraint constraint, string text, string? word)
    {
        var words = WordsFrom(text, OffsetOf(text, constraint.Location)).Take(constraint.Text.Split(' ').Length).ToList();
        var found = words.FindLast(w => w.Text == word);
        var span = found.Text is null && words.Count > 0 ? words[0].Span : found.Span;
        var lineStart = text.LastIndexOf('\n', Math.Max(0, span.Start - 1)) + 1;
        return (span, text.AsSpan(0, span.Start).Count('\n') + 1, span.Start - lineStart + 1);
    }

    private static int OffsetOf(string text, SourceLocation location)
    {
        var start = 0;
        for (var line = 1; line < location.Line && start >= 0; line++) start = text.IndexOf('\n', start) + 1;
        return Math.Min(text.Length, start + location.Column - 1);
    }

    private static IEnumerable<(string Text, TextSpan Span)> WordsFrom(string text, int at)
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at])) at++;
            else if (text[at] == '#') at = EndOf(text, at, c => c == '\n');
            else
            {
                var quoted = text[at] == '"';
                var end = quoted ? Math.Min(text.Length, EndOf(text, at + 1, c => c is '"' or '\n') + 1) : EndOf(text, at, c => char.IsWhiteSpace(c) || c == '#');
                yield return (text[at..end].Trim('"'), TextSpan.FromBounds(at, end));
                at = end;
            }
        }
    }

    private static int EndOf(string text, int from, Func<char, bool> ends)
    {
        while (from < text.Length && !ends(text[from])) from++;
        return from;
    }
}
