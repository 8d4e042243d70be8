using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// A test is one sentence of many lines. A fault in one of them is no reason to leave the others unread: reading goes on where a
/// line fits again.
/// </summary>
internal sealed partial class SentenceReader
{
    // Where the test stood before the line that is being read; null outside a test.
    private (ParserStates States, int Entries)? _item;

    private bool IsTest(int i) => i > 0 && _entries.Count > 0 && _entries[0].Term == Vocabulary.Test;

    // A closing brace could stand there, so what came before is whole.
    private void NoteItem(int i)
    {
        if (!IsTest(i) || !BeginsLine(i) || _states.After(Vocabulary.CloseBrace, null) is null)
            return;
        _item = (_states, _entries.Count);
        _repairs = 0;
    }

    /// <summary>Reports what is wrong at a token, drops the line it stands in and gives the token where the next one begins; null outside a test.</summary>
    private int? NextItem(int fault, ReadRequest request)
    {
        if (_item is not { } item || !bag.HasRoomFor(file))
            return null;
        for (var i = fault; i < request.End; i++)
        {
            var follows = i + 1 < request.End ? tokens[i + 1] : null;
            if ((BeginsLine(i) || tokens[i] is { Kind: TokenKind.Sign, Text: Vocabulary.CloseBrace }) && item.States.After(tokens[i], follows) is not null)
            {
                bag.Add(Fault(fault, request));
                _states = _before = item.States;
                _entries.RemoveRange(item.Entries, _entries.Count - item.Entries);
                return i;
            }
        }
        return null;
    }

    private bool CloseBrace()
    {
        if (_states.After(Vocabulary.CloseBrace, null) is not { Next.CanEnd: true })
            return false;
        var open = _entries.Find(e => e.Term == Vocabulary.OpenBrace).Token.Span;
        var at = new TextSpan(_entries[^1].Token.Span.End, 0);
        bag.Add(SyntaxDiagnostics.UnclosedBrace(file.At(open), file.At(_entries[^1].Token.Span)));
        Take(Vocabulary.CloseBrace, Inserted(Vocabulary.CloseBrace, at.Start));
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
}
