using System.Collections.Immutable;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Formatting;

/// <summary>
/// Puts the sentences of a file below one another. A blank line is kept wherever there was one, several become one, and a sentence
/// of more than one line gets one on both sides. Comments between sentences stand at the left edge.
/// </summary>
internal static class FileLayout
{
    public static string Lay(CommentedTokens tokens, ImmutableArray<SentenceSyntax> sentences)
    {
        var lines = new List<FormattedLine>();
        var layout = new SentenceLayout(tokens);
        var first = 0;
        var longBefore = false;
        foreach (var sentence in sentences)
        {
            var laid = layout.Lay(sentence, first);
            var above = tokens.Above(first);
            if (first > 0 && (longBefore || laid.Count > 1) && !above.Contains(null))
                above = above.Insert(0, null);
            AddAbove(lines, above);
            lines.AddRange(laid);
            longBefore = laid.Count > 1;
            first += sentence.Tokens.Length;
        }
        AddAbove(lines, tokens.Above(first));
        while (lines.Count > 0 && lines[^1].IsBlank)
            lines.RemoveAt(lines.Count - 1);
        return LineText.Of(lines);
    }

    // At the beginning of the file there is nothing for a blank line to keep apart.
    private static void AddAbove(List<FormattedLine> lines, ImmutableArray<string?> above) =>
        lines.AddRange(above.SkipWhile(c => c is null && lines.Count == 0).Select(c => new FormattedLine(0) { Comment = c }));
}
