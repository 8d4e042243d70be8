using System.Collections.Frozen;
using System.Collections.Immutable;
using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>One way of saying a thing that is said otherwise in this language.</summary>
internal sealed class Slip
{
    private static readonly FrozenSet<string> Days = Vocabulary.Days.Select(d => d.Word).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Events = Vocabulary.Events.Select(e => e.Word).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Attributes = [.. Vocabulary.Attributes];

    private readonly ImmutableArray<string> _written;
    private readonly string _said;

    /// <param name="written">Words and signs, and in capitals what is kept: see <see cref="Slips"/>.</param>
    /// <param name="said">What this language says instead, which may name what is kept more than once or not at all.</param>
    public Slip(string written, string said) => (_written, _said) = ([.. written.Replace(",", " ,", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)], said);

    public string First => _written[0];

    public int Length => _written.Length;

    public bool BeginsWithKind => IsKind(_written[0]);

    /// <summary>Whether it puts the beginning of a sentence in the place of a word that begins none.</summary>
    public bool BeginsSentence => !Vocabulary.SentenceStarters.Contains(First) && Vocabulary.SentenceStarters.Contains(_said.Split(' ')[0]);

    public bool Matches(int part, SyntaxToken token) => !IsKind(_written[part])
        ? token.Kind != TokenKind.Text && token.Text.Equals(_written[part], StringComparison.OrdinalIgnoreCase)
        : _written[part].TrimEnd('2', '3') switch
        {
            "NUMBER" => token.Kind == TokenKind.Number,
            "DURATION" => token.Kind == TokenKind.Number && !token.Text.Contains(':', StringComparison.Ordinal),
            "TIME" => token.Kind == TokenKind.Number && token.Text.Contains(':', StringComparison.Ordinal),
            "TEXT" => token.Kind == TokenKind.Text,
            "WORD" => token.Kind == TokenKind.Word,
            "NAME" => token.Kind == TokenKind.Text || (token.Kind == TokenKind.Word && !Vocabulary.Keywords.Contains(token.Text)),
            "ATTRIBUTE" => token.Kind == TokenKind.Word && Attributes.Contains(token.Text),
            "DAY" => token.Kind == TokenKind.Word && Days.Contains(token.Text),
            "ACTION" => token.Kind == TokenKind.Word && Vocabulary.ActionStarters.Contains(token.Text),
            "EVENT" => token.Kind == TokenKind.Word && Events.Contains(token.Text),
            var kind => throw new InvalidOperationException($"`{kind}` is no kind of word."),
        };

    /// <summary>
    /// What is said instead of these tokens, which it matches; null where that would read something that can't be read. What is kept keeps its place, and
    /// what is new has that of the whole.
    /// </summary>
    public ImmutableArray<SyntaxToken>? Said(ReadOnlySpan<SyntaxToken> written)
    {
        var text = _said;
        // `NUMBER2` before `NUMBER`, which it begins with.
        foreach (var part in Enumerable.Range(0, Length).Where(p => IsKind(_written[p])).OrderByDescending(p => _written[p].Length))
            text = text.Replace(_written[part], written[part].Text, StringComparison.Ordinal);
        var tokens = new Scanner(new SourceFile(new SourceText("", text)), new DiagnosticBag()).Scan();
        if (tokens.Any(t => t.Kind == TokenKind.Word && AttributeNames.LooksLikeOne(t.Text) && !Attributes.Contains(t.Text) && !_written.Contains(t.Text)))
            return null;
        var whole = written[0].Span.To(written[^1].Span);
        var said = ImmutableArray.CreateBuilder<SyntaxToken>(tokens.Length);
        foreach (var token in tokens)
        {
            var same = IndexOf(written, token.Text);
            said.Add(same < 0 ? token with { Span = whole } : token with { Span = written[same].Span });
        }
        return said.MoveToImmutable();
    }

    private static int IndexOf(ReadOnlySpan<SyntaxToken> tokens, string text)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Text == text)
                return i;
        }
        return -1;
    }

    private static bool IsKind(string part) => char.IsAsciiLetterUpper(part[0]);
}
