using System.Collections.Immutable;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// Cuts the tokens of a file into sentences before any of them is parsed, so that a fault in one can't swallow the next. The words
/// that begin a sentence are few. Where one of them can also be a name or a word within a sentence, it begins one only if what
/// follows is what then would follow: <see cref="SentenceForms"/>.
/// </summary>
internal static class SentenceSplitter
{
    /// <summary>Index ranges that cover all tokens; each but perhaps the first begins with a sentence starter.</summary>
    public static List<Range> Split(ImmutableArray<SyntaxToken> tokens)
    {
        var sentences = new List<Range>();
        var start = 0;
        var (open, afterName) = (OpensTest(tokens, 0), false);
        for (var i = 1; i < tokens.Length; i++)
        {
            var view = new TokenView(tokens, i);
            var name = !afterName && tokens[i].Kind != TokenKind.Sign && (SentenceForms.CanBeName(view) || (i - 1 == start && IsHeader(tokens[start])));
            if (BeginsSentence(view, tokens, start, i, open, name))
            {
                sentences.Add(start..i);
                start = i;
                (open, name) = (OpensTest(tokens, i), false);
            }
            else if (tokens[i] is { Kind: TokenKind.Sign, Text: Vocabulary.CloseBrace })
                open = false;
            afterName = name;
        }
        if (start < tokens.Length)
            sentences.Add(start..tokens.Length);
        return sentences;
    }

    // From its first word, so that a test whose brace was forgotten is still one sentence.
    private static bool OpensTest(ImmutableArray<SyntaxToken> tokens, int i) =>
        Is(tokens, i, Vocabulary.Test) && (At(tokens, i + 1) is { Kind: TokenKind.Text } || At(tokens, i + 2) is { Text: Vocabulary.OpenBrace });

    /// <param name="open">Whether <paramref name="i"/> lies within braces.</param>
    /// <param name="name">Whether a name can stand there.</param>
    private static bool BeginsSentence(TokenView view, ImmutableArray<SyntaxToken> tokens, int start, int i, bool open, bool name)
    {
        var token = tokens[i];
        if (token.Kind != TokenKind.Word || !(Vocabulary.SentenceStarters.Contains(token.Text) || token.Text == Vocabulary.Cooldown))
            return false;

        // `policy NAME when ...` is one sentence. A trigger right behind `policy` is the name only if another trigger follows it;
        // otherwise the name was forgotten, and the parser says so better if the trigger stays with its header.
        var header = Is(tokens, start, Vocabulary.Policy);
        if (header && i - 1 == start)
            return !IsTrigger(token) && !IsTrigger(At(tokens, i + 1));
        if (IsTrigger(token) && ((header && i - 2 == start) || view.IsMisspelt(-2, Vocabulary.Policy)))
            return false;
        if (i - 1 == start && IsHeader(tokens[start]))
            return At(tokens, i + 1) is not { Kind: TokenKind.Sign, Text: "=" };

        return !(open || name || SentenceForms.StandsWithin(view)) || SentenceForms.Begins(view, tokens[start].Text, open);
    }

    // Begins what has a name of its own.
    private static bool IsHeader(SyntaxToken token) =>
        token.Is(Vocabulary.Policy) || token.Is(Vocabulary.Let) || token.Is(Vocabulary.Hosts) || token.Is(Vocabulary.Calendar);

    private static bool IsTrigger(SyntaxToken? token) => token is { Kind: TokenKind.Word } && Vocabulary.TriggerStarters.Contains(token.Text);

    private static bool Is(ImmutableArray<SyntaxToken> tokens, int i, string word) => At(tokens, i)?.Is(word) == true;

    private static SyntaxToken? At(ImmutableArray<SyntaxToken> tokens, int i) => i >= 0 && i < tokens.Length ? tokens[i] : null;
}

/// <summary>The tokens round one of them.</summary>
internal readonly struct TokenView(ImmutableArray<SyntaxToken> tokens, int at)
{
    /// <summary>0: the token itself; null beyond the ends of the text.</summary>
    public SyntaxToken? this[int offset] => at + offset >= 0 && at + offset < tokens.Length ? tokens[at + offset] : null;

    public string Word => tokens[at].Text;

    public TokenView From(int offset) => new(tokens, at + offset);

    public bool Is(int offset, params ReadOnlySpan<string> words) => this[offset] is { Kind: TokenKind.Word } token && words.Contains(token.Text);

    public bool IsNumber(int offset) => this[offset] is { Kind: TokenKind.Number };

    public bool IsText(int offset) => this[offset] is { Kind: TokenKind.Text };

    public bool IsSign(int offset, string sign) => this[offset] is { Kind: TokenKind.Sign } token && token.Text == sign;

    /// <summary>
    /// A word that is most likely this one, misspelt. No sound sentence has an unknown word and then what follows a starter, so
    /// nothing is lost by keeping these together.
    /// </summary>
    public bool IsMisspelt(int offset, string word) =>
        this[offset] is { Kind: TokenKind.Word } token && !Vocabulary.Keywords.Contains(token.Text)
        && NearestWord.Find(token.Text, [.. Vocabulary.SentenceStarters, Vocabulary.Most]) == word;

    public bool IsUnreserved(int offset) => this[offset] is { Kind: TokenKind.Word } token && !Vocabulary.Keywords.Contains(token.Text);
}
