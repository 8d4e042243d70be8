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
        var open = OpensTest(tokens, 0);
        for (var i = 1; i < tokens.Length; i++)
        {
            if (BeginsSentence(tokens, start, i, open))
            {
                sentences.Add(start..i);
                start = i;
                open = OpensTest(tokens, i);
            }
            else if (tokens[i] is { Kind: TokenKind.Sign, Text: Vocabulary.CloseBrace })
                open = false;
        }
        if (start < tokens.Length)
            sentences.Add(start..tokens.Length);
        return sentences;
    }

    // From its first word, so that a test whose brace was forgotten is still one sentence.
    private static bool OpensTest(ImmutableArray<SyntaxToken> tokens, int i) =>
        Is(tokens, i, Vocabulary.Test) && (At(tokens, i + 1) is { Kind: TokenKind.Text } || At(tokens, i + 2) is { Text: Vocabulary.OpenBrace });

    /// <param name="open">Whether <paramref name="i"/> lies within braces.</param>
    private static bool BeginsSentence(ImmutableArray<SyntaxToken> tokens, int start, int i, bool open)
    {
        var token = tokens[i];
        if (token.Kind != TokenKind.Word || !(Vocabulary.SentenceStarters.Contains(token.Text) || token.Text == Vocabulary.Cooldown))
            return false;

        var view = new TokenView(tokens, i);
        // `policy NAME when ...` is one sentence. A trigger right behind `policy` is the name only if another trigger follows it;
        // otherwise the name was forgotten, and the parser says so better if the trigger stays with its header.
        if (Is(tokens, i - 1, Vocabulary.Policy) && IsHeader(tokens, i - 1))
            return !IsTrigger(token) && !IsTrigger(At(tokens, i + 1));
        if (IsTrigger(token) && ((Is(tokens, i - 2, Vocabulary.Policy) && IsHeader(tokens, i - 2)) || view.IsMisspelt(-2, Vocabulary.Policy)))
            return false;
        if (i - 1 == start && (Is(tokens, start, Vocabulary.Let) || Is(tokens, start, Vocabulary.Hosts) || Is(tokens, start, Vocabulary.Calendar)))
            return At(tokens, i + 1) is not { Kind: TokenKind.Sign, Text: "=" };

        return open || SentenceForms.StandsWithin(view) || SentenceForms.CanBeName(view)
            ? SentenceForms.Begins(view, tokens[start].Text, open)
            : true;
    }

    // In `policy policy when ...` the second `policy` is a name.
    private static bool IsHeader(ImmutableArray<SyntaxToken> tokens, int i) =>
        !Is(tokens, i - 1, Vocabulary.Policy) || !IsTrigger(At(tokens, i + 1)) || !IsHeader(tokens, i - 1);

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

    public bool Is(int offset, params ReadOnlySpan<string> words) => this[offset] is { Kind: TokenKind.Word } token && words.Contains(token.Text);

    public bool IsNumber(int offset) => this[offset] is { Kind: TokenKind.Number };

    public bool IsText(int offset) => this[offset] is { Kind: TokenKind.Text };

    public bool IsSign(int offset, string sign) => this[offset] is { Kind: TokenKind.Sign } token && token.Text == sign;

    /// <summary>
    /// A word that is most likely this one, misspelt. No sound sentence has an unknown word and then what follows a starter, so
    /// nothing is lost by keeping these together.
    /// </summary>
    public bool IsMisspelt(int offset, string starter) =>
        this[offset] is { Kind: TokenKind.Word } token && !Vocabulary.Keywords.Contains(token.Text)
        && NearestWord.Find(token.Text, Vocabulary.SentenceStarters) == starter;

    public bool IsWordThatBeginsNothing(int offset) => this[offset] is { Kind: TokenKind.Word } token && !Vocabulary.SentenceStarters.Contains(token.Text);
}
