using System.Collections.Frozen;
using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>Tokens from <paramref name="Start"/> to before <paramref name="End"/> that should be one sentence.</summary>
/// <param name="FirstWord">What the first token, already reported as misspelt, is to be taken for.</param>
internal readonly record struct ReadRequest(int Start, int End, string? FirstWord = null);

/// <summary>A token and what the grammar takes it for. A token put in by a repair has an empty span.</summary>
internal readonly record struct Entry(string Term, SyntaxToken Token);

/// <param name="Entries">A whole sentence, perhaps after repairs; default where there is none.</param>
/// <param name="Rest">Where reading can go on behind a fault.</param>
internal readonly record struct ReadResult(ImmutableArray<Entry> Entries, ReadRequest? Rest);

/// <summary>
/// Finds out whether tokens are a sentence, and says what is wrong where they are not. A fault that has one likely cause
/// (a misspelt keyword, a missing <c>then</c>, an open parenthesis) is reported and mended, so that the rest is still looked at.
/// </summary>
internal sealed partial class SentenceReader(SourceFile file, DiagnosticBag bag, ImmutableArray<SyntaxToken> tokens)
{
    private readonly List<Entry> _entries = [];
    private ParserStates _states = ParserStates.Start;
    private ParserStates _before = ParserStates.Start;
    private int _repairs;

    public ReadResult Read(ReadRequest request)
    {
        _entries.Clear();
        _states = _before = ParserStates.Start;
        _repairs = 0;
        _item = _line = _itemBefore = null;
        if (OverLimit(request) is { } fault)
        {
            bag.Add(fault);
            return new ReadResult(default, null);
        }

        for (var i = request.Start; i < request.End; i++)
        {
            var following = i + 1 < request.End ? tokens[i + 1] : null;
            NoteLine(i);
            if (i == request.Start && request.FirstWord is not null)
                Take(request.FirstWord, tokens[i]);
            else if (NameForgotten(i, request.End))
                AddName(tokens[i]);
            else if (_states.After(tokens[i], following) is { } step)
                Take(step, tokens[i]);
            else if (MendSlip(i, request) is { } behind)
                i = behind - 1;
            else if (Repair(tokens[i], following, atStart: i == request.Start))
                NoteRepair(i);
            else if (NextItem(i, request) is { } next)
                i = next - 1;
            else
                return GiveUp(i, request);
        }
        if (!_states.CanEnd && MendSlip(request.End, request) is null && !CloseParentheses(null, null) && !CloseBrace())
        {
            bag.Add(SyntaxDiagnostics.EndsTooSoon(file.At(_entries[^1].Token.Span), ExpectedText.Describe(_states, _entries), ExpectedText.HelpAtEnd(_states)));
            return new ReadResult(default, null);
        }
        return new ReadResult([.. _entries], null);
    }

    private void Take(Step step, SyntaxToken token)
    {
        _before = _states;
        _states = step.Next;
        _entries.Add(new Entry(step.Term, token));
    }

    private void Take(string word, SyntaxToken token) =>
        Take(_states.After(word, null) ?? throw new InvalidOperationException($"`{word}` was said to be possible here."), token);

    private ReadResult GiveUp(int i, ReadRequest request)
    {
        var token = tokens[i];
        if (i > request.Start && (_states.CanEnd || BeginsLine(i)) && NearestStarter(token) is { } starter)
        {
            // The sentence before is whole, or at least over: this is the next one, with its first word misspelt.
            if (!_states.CanEnd)
                bag.Add(SyntaxDiagnostics.EndsTooSoon(file.At(_entries[^1].Token.Span), ExpectedText.Describe(_states, _entries), null));
            bag.Add(SyntaxDiagnostics.Misspelt(file.At(token.Span), starter));
            return new ReadResult(_states.CanEnd ? [.. _entries] : default, new ReadRequest(i, request.End, starter));
        }

        // The splitter kept a starter in this sentence, taking it for a name; the grammar knows better.
        if (_states.CanEnd && token.Kind == TokenKind.Word && Vocabulary.SentenceStarters.Contains(token.Text))
            return new ReadResult([.. _entries], new ReadRequest(i, request.End));

        // `if` for `when`: the next sentence, begun in other words.
        if (i > request.Start && _states.CanEnd && BeginsLine(i) && Slips.BeginsSentence(token))
            return new ReadResult([.. _entries], new ReadRequest(i, request.End));

        bag.Add(Fault(i, request));
        // What stands in its braces looks like sentences and is none.
        if (IsTest(i))
            return new ReadResult(_states.CanEnd ? [.. _entries] : default, null);
        return new ReadResult(_states.CanEnd ? [.. _entries] : default, Resume(i, request.End));
    }

    private Diagnostic Fault(int i, ReadRequest request)
    {
        var token = tokens[i];
        var place = file.At(token.Span);
        if (i == request.Start || (_states.CanEnd && token.Kind == TokenKind.Word && BeginsLine(i)))
            return SyntaxDiagnostics.NotASentence(place, token.Kind == TokenKind.Word ? NearestStarter(token) : null);
        // `expect evacuate vm web1`: it passed for the name of a rule that is to fire.
        if (IsTest(i) && token.Text != Vocabulary.Fires && _entries is [.., { Term: Vocabulary.Expect }, { Term: PolicyGrammar.Word, Token: var expectation }])
            return SyntaxDiagnostics.UnknownWord(file.At(expectation.Span), ExpectedText.Describe(_before, _entries[..^1]), null);
        // `median(host.cpu, 15m)`: the word passed for a name, but it is the word that is not known.
        if (token is { Kind: TokenKind.Sign, Text: Vocabulary.OpenParenthesis } && _entries[^1] is { Term: PolicyGrammar.Operand, Token: var word })
            return SyntaxDiagnostics.UnknownWord(file.At(word.Span), ExpectedText.Describe(_before, _entries[..^1]), null);
        var expected = ExpectedText.Describe(_states, _entries);
        var unknown = token.Kind == TokenKind.Word && !Vocabulary.Keywords.Contains(token.Text);
        return unknown
            ? SyntaxDiagnostics.UnknownWord(place, expected, NearestWord.Find(token.Text, _states.Expected()), MisplacedPart.Help(token, [.. _entries.Select(e => e.Term)]))
            : SyntaxDiagnostics.Unexpected(place, expected, MisplacedPart.Help(token, [.. _entries.Select(e => e.Term)]));
    }

    private static readonly FrozenSet<string> Continuations = FrozenSet.ToFrozenSet(
    [
        .. Vocabulary.ActionStarters, .. Vocabulary.GuardStarters, .. Vocabulary.Days.Select(d => d.Word), Vocabulary.And, Vocabulary.Or, Vocabulary.Not,
        Vocabulary.For, Vocabulary.Then, Vocabulary.Until, Vocabulary.Cooldown, Vocabulary.Priority, Vocabulary.Mode, Vocabulary.Because,
        Vocabulary.Except, Vocabulary.Between,
    ], StringComparer.Ordinal);

    // Layout means nothing in a sound file. In one that is not, an unknown word at the left edge most likely begins a new sentence.
    private ReadRequest? Resume(int fault, int end)
    {
        for (var i = fault + 1; i < end; i++)
        {
            var token = tokens[i];
            if (token.Kind != TokenKind.Word || Continuations.Contains(token.Text) || !BeginsLine(i))
                continue;
            if (NearestStarter(token) is { } starter)
            {
                bag.Add(SyntaxDiagnostics.Misspelt(file.At(token.Span), starter));
                return new ReadRequest(i, end, starter);
            }
            if (file.Position(token.Span.Start).Column == 1)
                return new ReadRequest(i, end);
        }
        return null;
    }

    private bool BeginsLine(int i) =>
        i == 0 || file.Position(tokens[i - 1].Span.Start).Line < file.Position(tokens[i].Span.Start).Line;

    private static readonly ImmutableArray<string> Starters = Vocabulary.SentenceStarters.Add(Vocabulary.Cooldown);

    private static string? NearestStarter(SyntaxToken token) =>
        token.Kind == TokenKind.Word && !Vocabulary.Keywords.Contains(token.Text) ? NearestWord.Find(token.Text, Starters) : null;

    private Diagnostic? OverLimit(ReadRequest request)
    {
        var most = tokens[request.Start].Is(Vocabulary.Test) ? CompilerLimits.TokensPerTest : CompilerLimits.TokensPerSentence;
        if (request.End - request.Start > most)
            return LimitDiagnostics.SentenceTooLong(file.At(tokens[request.Start].Span), most);
        var open = new Stack<int>();
        int depth = 0, pending = 0;
        for (var i = request.Start; i < request.End; i++)
        {
            var token = tokens[i];
            if (token.Is(Vocabulary.Not))
                pending++;
            else if (token is { Kind: TokenKind.Sign, Text: Vocabulary.OpenParenthesis })
            {
                open.Push(pending + 1);
                depth += pending + 1;
                pending = 0;
            }
            else
            {
                pending = 0;
                if (token is { Kind: TokenKind.Sign, Text: Vocabulary.CloseParenthesis } && open.TryPop(out var inner))
                    depth -= inner;
            }
            if (depth + pending > CompilerLimits.NestingDepth)
                return LimitDiagnostics.NestedTooDeeply(file.At(token.Span));
        }
        return null;
    }
}
