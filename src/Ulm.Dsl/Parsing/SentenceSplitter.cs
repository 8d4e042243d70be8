using System.Collections.Immutable;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// Cuts the tokens of a file into sentences before any of them is parsed, so that a fault in one can't swallow the next.
/// The words that begin a sentence are few and stand nowhere else, except where a name can stand.
/// </summary>
internal static class SentenceSplitter
{
    /// <summary>Index ranges that cover all tokens; each but perhaps the first begins with a sentence starter.</summary>
    public static List<Range> Split(ImmutableArray<SyntaxToken> tokens)
    {
        var sentences = new List<Range>();
        var start = 0;
        for (var i = 1; i < tokens.Length; i++)
        {
            if (!BeginsSentence(tokens, i))
                continue;
            sentences.Add(start..i);
            start = i;
        }
        if (start < tokens.Length)
            sentences.Add(start..tokens.Length);
        return sentences;
    }

    private static bool BeginsSentence(ImmutableArray<SyntaxToken> tokens, int i)
    {
        var token = tokens[i];
        if (token.Is(Vocabulary.Cooldown))
            return StarterFits(tokens, i);
        if (token.Kind != TokenKind.Word || !Vocabulary.SentenceStarters.Contains(token.Text))
            return false;

        // `policy NAME when ...` is one sentence. A trigger right behind `policy` is the name only if another trigger follows it;
        // otherwise the name was forgotten, and the parser says so better if the trigger stays with its header.
        if (Is(tokens, i - 1, Vocabulary.Policy) && IsHeader(tokens, i - 1))
            return !IsTrigger(token) && !IsTrigger(At(tokens, i + 1));
        if (IsTrigger(token) && ((Is(tokens, i - 2, Vocabulary.Policy) && IsHeader(tokens, i - 2)) || IsMisspeltHeader(tokens, i - 2)))
            return false;

        if (Is(tokens, i - 1, Vocabulary.Let))
            return At(tokens, i + 1) is not { Kind: TokenKind.Sign, Text: "=" };
        if (token.Is(Vocabulary.Keep) && (Is(tokens, i - 1, Vocabulary.Always) || IsMisspelt(tokens, i - 1, Vocabulary.Always)))
            return false;
        return !NameCanStand(tokens, i) || StarterFits(tokens, i);
    }

    // What comes before a name. A comma: in a list of names.
    private static bool NameCanStand(ImmutableArray<SyntaxToken> tokens, int i) =>
        At(tokens, i - 1) is { Text: Vocabulary.Vm or Vocabulary.Vms or Vocabulary.Host or Vocabulary.Hosts or Vocabulary.Cluster
            or Vocabulary.Named or Vocabulary.Tagged or Vocabulary.Comma };

    // Whether a word that begins sentences is followed by what such a sentence goes on with.
    private static bool StarterFits(ImmutableArray<SyntaxToken> tokens, int i) => (tokens[i].Text, At(tokens, i + 1)) switch
    {
        (_, null) => false,
        (Vocabulary.Policy, _) => IsTrigger(At(tokens, i + 2)),
        (Vocabulary.Let, _) => At(tokens, i + 2) is { Kind: TokenKind.Sign, Text: "=" },
        (Vocabulary.At or Vocabulary.Every or Vocabulary.Reserve, { Kind: TokenKind.Number }) => true,
        (Vocabulary.At or Vocabulary.Every or Vocabulary.Reserve, _) => false,
        (Vocabulary.Never, { Text: var next }) => next is Vocabulary.Migrate or Vocabulary.Power,
        (Vocabulary.Always, { Text: var next }) => next is Vocabulary.Keep,
        (Vocabulary.Keep, { Text: var next }) => next is Vocabulary.Apart or Vocabulary.Together or Vocabulary.Vm or Vocabulary.Vms,
        (Vocabulary.Prefer, { Text: var next }) => next is Vocabulary.Apart or Vocabulary.Together,
        (Vocabulary.Limit, { Text: var next }) => next is Vocabulary.Migrations or Vocabulary.Power,
        (Vocabulary.Cooldown, { Text: var next }) => next is Vocabulary.Vm,
        (Vocabulary.Overcommit, { Text: var next }) => next is Vocabulary.Cpu,
        (_, { Text: var next }) => !Vocabulary.SentenceStarters.Contains(next) && next is not (Vocabulary.On or Vocabulary.To or Vocabulary.And or Vocabulary.Comma),
    };

    // In `policy policy when ...` the second `policy` is a name.
    private static bool IsHeader(ImmutableArray<SyntaxToken> tokens, int i) =>
        !Is(tokens, i - 1, Vocabulary.Policy) || !IsTrigger(At(tokens, i + 1)) || !IsHeader(tokens, i - 1);

    // No sound sentence has an unknown word, another word and then a trigger, so nothing is lost by keeping these together.
    private static bool IsMisspeltHeader(ImmutableArray<SyntaxToken> tokens, int i) => IsMisspelt(tokens, i, Vocabulary.Policy);

    private static bool IsMisspelt(ImmutableArray<SyntaxToken> tokens, int i, string starter) =>
        At(tokens, i) is { Kind: TokenKind.Word } token && !Vocabulary.Keywords.Contains(token.Text)
        && NearestWord.Find(token.Text, Vocabulary.SentenceStarters) == starter;

    private static bool IsTrigger(SyntaxToken? token) => token is { Kind: TokenKind.Word } && Vocabulary.TriggerStarters.Contains(token.Text);

    private static bool Is(ImmutableArray<SyntaxToken> tokens, int i, string word) => At(tokens, i)?.Is(word) == true;

    private static SyntaxToken? At(ImmutableArray<SyntaxToken> tokens, int i) => i >= 0 && i < tokens.Length ? tokens[i] : null;
}
