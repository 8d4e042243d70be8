using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// A test is one sentence of many lines. A fault in one of them is no reason to leave the others unread: reading goes on where a
/// line fits again.
/// </summary>
internal sealed partial class SentenceReader
{
    /// <summary>How far the test had been read where a line of the text began.</summary>
    /// <param name="Token">The first token of that line.</param>
    private sealed record LineStart(ParserStates States, int Entries, int Token);

    // The last line that began where an item of the test can begin, and the last line at all; null outside a test.
    private LineStart? _item;
    private LineStart? _line;
    private LineStart? _itemBefore;

    private bool IsTest(int i) => i > 0 && _entries.Count > 0 && _entries[0].Term == Vocabulary.Test;

    private void NoteLine(int i)
    {
        if (!IsTest(i) || !BeginsLine(i))
            return;
        Note(new LineStart(_states, _entries.Count, i));
    }

    // The word before the line may have been the one that was mended: then the line does not begin as it seemed.
    private void NoteRepair(int i)
    {
        if (_line is not { } line || line.Token != i || _entries.Count <= line.Entries)
            return;
        if (_item?.Token == i)
            _item = _itemBefore;
        Note(line with { States = _before, Entries = _entries.Count - 1 });
    }

    private void Note(LineStart line)
    {
        _line = line;
        // A closing brace could stand there, so what came before is whole.
        if (line.States.After(Vocabulary.CloseBrace, null) is null)
            return;
        _itemBefore = _item;
        _item = line;
        _repairs = 0;
    }

    /// <summary>Reports what is wrong at a token, drops the item it stands in and gives the token where the next one begins; null outside a test.</summary>
    private int? NextItem(int fault, ReadRequest request)
    {
        if (_item is not { } item || !bag.HasRoomFor(file))
            return null;
        var next = fault;
        if (_line is { } line && line.Entries > item.Entries && BeginsItem(line.Token))
        {
            // `at 5m expect` and then a line that begins with `at`: the word passed for a name, but it is the line before that is not whole.
            bag.Add(SyntaxDiagnostics.LineEndsTooSoon(file.At(_entries[line.Entries - 1].Token.Span), ExpectedText.Describe(line.States, _entries[..line.Entries])));
            next = line.Token;
        }
        else
        {
            bag.Add(Fault(fault, request));
            while (next < request.End && !(BeginsLine(next) && Fits(next)) && tokens[next] is not { Kind: TokenKind.Sign, Text: Vocabulary.CloseBrace })
                next++;
        }
        _states = _before = item.States;
        _entries.RemoveRange(item.Entries, _entries.Count - item.Entries);
        return next;

        bool Fits(int i) => item.States.After(tokens[i], i + 1 < request.End ? tokens[i + 1] : null) is not null;

        bool BeginsItem(int i) => tokens[i].Text is Vocabulary.At or Vocabulary.Never or Vocabulary.Host or Vocabulary.Vm or Vocabulary.CloseBrace && Fits(i);
    }

    private bool CloseBrace()
    {
        if (_states.After(Vocabulary.CloseBrace, null) is not { Next.CanEnd: true })
            return false;
        var open = _entries.Find(e => e.Term == Vocabulary.OpenBrace).Token.Span;
        var last = _entries[^1].Token.Span;
        bag.Add(SyntaxDiagnostics.UnclosedBrace(file.At(open), file.At(last)));
        Take(Vocabulary.CloseBrace, Inserted(Vocabulary.CloseBrace, last.End));
        return true;
    }

    private bool AddBrace(SyntaxToken token, SyntaxToken? following)
    {
        if (_states.After(Vocabulary.OpenBrace, token) is not { } after || after.Next.After(token, following) is not { } step)
            return false;
        bag.Add(SyntaxDiagnostics.Unexpected(file.At(token.Span), $"`{Vocabulary.OpenBrace}`", null));
        Take(after, Inserted(Vocabulary.OpenBrace, token.Span.Start));
        Take(step, token);
        return true;
    }

    // `test overload {`: what is meant is clear.
    private bool QuoteText(SyntaxToken token)
    {
        if (token.Kind != TokenKind.Word || _entries[^1].Term is not (Vocabulary.Test or Vocabulary.Site))
            return false;
        bag.Add(SyntaxDiagnostics.Unexpected(file.At(token.Span), "a text in quotes", $"write `\"{Quote.Clean(token.Text)}\"`"));
        Take(PolicyGrammar.QuotedText, token);
        return true;
    }
}
