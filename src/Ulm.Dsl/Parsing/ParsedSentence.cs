using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>A sentence, and where in its file it begins. The spans of its syntax count from there, so that they are the same wherever it stands.</summary>
internal sealed class ParsedSentence(SourceFile file, int start, SentenceSyntax syntax)
{
    /// <summary>What is kept of it for the next compilation; null: nothing is.</summary>
    public KnownSentence? Known { get; init; }

    public SourceFile File => file;

    /// <summary>Offset in the file.</summary>
    public int Start => start;

    public SentenceSyntax Syntax => syntax;

    public Place Place => At(syntax.Span);

    public string this[TextSpan span] => At(span).Text;

    public Place At(TextSpan span) => file.At(span with { Start = start + span.Start });

    /// <summary>The tokens that lie in a span.</summary>
    public ReadOnlySpan<SyntaxToken> Tokens(TextSpan span)
    {
        var tokens = syntax.Tokens.AsSpan();
        var from = Before(tokens, span.Start);
        return tokens[from..Before(tokens, span.End)];
    }

    public SourceLocation Location(TextSpan span) => file.Location(start + span.Start);

    /// <summary>How many tokens begin before an offset.</summary>
    private static int Before(ReadOnlySpan<SyntaxToken> tokens, int offset)
    {
        var (count, end) = (0, tokens.Length);
        while (count < end)
        {
            var middle = (count + end) / 2;
            if (tokens[middle].Span.Start < offset)
                count = middle + 1;
            else
                end = middle;
        }
        return count;
    }
}
