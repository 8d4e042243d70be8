using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Editing;

/// <summary>What a name at a place would be the name of.</summary>
public enum NameKind
{
    /// <summary>Something the author may call as they like.</summary>
    Free,
    Vm,
    Host,
    Cluster,
    Tag,

    /// <summary>A field of a munin plugin.</summary>
    MuninField,
    Calendar,

    /// <summary>A group of hosts.</summary>
    HostGroup,

    /// <summary>A condition that is a time window.</summary>
    Window,
    TimeZone,

    /// <summary>A rule, in a test.</summary>
    Rule,

    /// <summary>An attribute in a test, without the subject that stands before it.</summary>
    SeriesOfHost,
    SeriesOfVm,
}

/// <summary>What the grammar lets stand at a place in a text. Pure; the text before the place counts, what follows does not.</summary>
/// <param name="Replaces">The word, number or text that the place is in or right behind; empty where there is none.</param>
/// <param name="Words">Keywords and signs, as they are written.</param>
/// <param name="TakesOperand">A value or a condition can stand here: attributes, and names from definitions.</param>
/// <param name="Name">Null: no name can.</param>
public sealed record CompletionPlace(TextSpan Replaces, ImmutableArray<string> Words, bool TakesOperand, NameKind? Name)
{
    public static CompletionPlace At(SourceText source, int offset)
    {
        offset = Math.Clamp(offset, 0, source.Text.Length);
        var before = source with { Text = source.Text[..offset] };
        var tokens = new Scanner(new SourceFile(before), new DiagnosticBag()).Scan();
        // Where a name was begun, its last `.` or `-` belongs to it, though no whole name ends so: `host.`
        var begun = before.Text.AsSpan().TrimEnd(".-").Length;
        var replaces = tokens.Length > 0 && tokens[^1] is { Kind: not TokenKind.Sign } last && (last.Span.End == offset || (last.Kind == TokenKind.Word && last.Span.End == begun))
            ? TextSpan.FromBounds(last.Span.Start, offset)
            : new TextSpan(offset, 0);
        if (InComment(before.Text, tokens))
            return new CompletionPlace(replaces, [], TakesOperand: false, null);
        var quoted = replaces.Length > 0 && before.Text[replaces.Start] == '"';
        if (replaces.Length > 0)
            tokens = [.. tokens.TakeWhile(t => t.Span.Start < replaces.Start)];

        var sentence = tokens.IsEmpty ? tokens : tokens[SentenceSplitter.Split(tokens)[^1]];
        if (StatesAfter(sentence) is not { } states)
            return new CompletionPlace(replaces, [], TakesOperand: false, null);
        var expected = states.Expected().ToHashSet(StringComparer.Ordinal);
        if (sentence.IsEmpty || states.CanEnd)
            expected.UnionWith(Vocabulary.SentenceStarters);
        return new CompletionPlace(
            replaces,
            quoted ? [] : [.. expected.Where(e => !PolicyGrammar.Classes.Contains(e)).Order(StringComparer.Ordinal)],
            !quoted && expected.Contains(PolicyGrammar.Operand),
            expected.Contains(PolicyGrammar.Word) || expected.Contains(PolicyGrammar.QuotedText) ? NameAfter(sentence) : null);
    }

    /// <summary>Null where the tokens can't begin any sentence.</summary>
    private static ParserStates? StatesAfter(ImmutableArray<SyntaxToken> sentence)
    {
        var states = ParserStates.Start;
        for (var i = 0; i < sentence.Length; i++)
        {
            if (states.After(sentence[i], i + 1 < sentence.Length ? sentence[i + 1] : null) is not { } step)
                return null;
            states = step.Next;
        }
        return states;
    }

    private static NameKind NameAfter(ImmutableArray<SyntaxToken> sentence)
    {
        if (sentence is [{ Text: Vocabulary.Test }, _, _, ..] && sentence[^2] is { Kind: TokenKind.Word } kind && SeriesOf(kind.Text, sentence) is { } series)
            return series;
        for (var i = sentence.Length - 1; i >= 0; i--)
        {
            var token = sentence[i];
            // In a list the word before its first name says what all of them are.
            if (token is { Kind: TokenKind.Sign, Text: Vocabulary.Comma })
                i--;
            else
                return KindAfter(token);
        }
        return NameKind.Free;
    }

    // `host h1 ` at the beginning of a line of a test, or right behind the site.
    private static NameKind? SeriesOf(string kind, ImmutableArray<SyntaxToken> sentence) =>
        sentence.Any(t => t.Is(Vocabulary.At) || t.Is(Vocabulary.Never)) ? null : kind switch
        {
            Vocabulary.Host => NameKind.SeriesOfHost,
            Vocabulary.Vm => NameKind.SeriesOfVm,
            _ => null,
        };

    private static NameKind KindAfter(SyntaxToken token) => token.Text switch
    {
        Vocabulary.Vm or Vocabulary.Vms => NameKind.Vm,
        Vocabulary.Host or Vocabulary.Hosts => NameKind.Host,
        Vocabulary.Cluster => NameKind.Cluster,
        Vocabulary.Tagged => NameKind.Tag,
        Vocabulary.Except => NameKind.Calendar,
        Vocabulary.OpenBracket => NameKind.MuninField,
        Vocabulary.Is => NameKind.HostGroup,
        Vocabulary.During => NameKind.Window,
        Vocabulary.TimeZone => NameKind.TimeZone,
        Vocabulary.By or Vocabulary.Pending or Vocabulary.Expect or Vocabulary.Refused => NameKind.Rule,
        _ => NameKind.Free,
    };

    private static bool InComment(string before, ImmutableArray<SyntaxToken> tokens)
    {
        var line = before.AsSpan(tokens.IsEmpty ? 0 : tokens[^1].Span.End);
        return line[(line.LastIndexOfAny('\n', '\r') + 1)..].Contains('#');
    }
}
