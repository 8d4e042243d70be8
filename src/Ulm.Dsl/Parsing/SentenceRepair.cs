using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>The faults that have one likely cause.</summary>
internal sealed partial class SentenceReader
{
    private bool Repair(SyntaxToken token, SyntaxToken? following, bool atStart)
    {
        if (_repairs++ >= CompilerLimits.RepairsPerSentence)
            return false;
        // A keyword that can't stand here is most likely right, and the word before it wrong: `cuont of hosts`.
        var keyword = !atStart && token.Kind == TokenKind.Word && Vocabulary.Keywords.Contains(token.Text);
        return (keyword && MendWordBefore(token, following)) || MendKeyword(token, following)
            || (!atStart && (MendWordBefore(token, following) || AddThen(token, following) || AddBrace(token, following) || QuoteText(token) || DropParenthesis(token)
                || CloseParentheses(token, following)));
    }

    private bool MendKeyword(SyntaxToken token, SyntaxToken? following)
    {
        if (token.Kind != TokenKind.Word)
            return false;
        var keyword = NearestWord.Find(token.Text, _states.Expected().Where(Vocabulary.Keywords.Contains));
        if (keyword is null || (Vocabulary.Keywords.Contains(token.Text) && !IsSlip(token.Text, keyword, following)))
            return false;
        bag.Add(SyntaxDiagnostics.Misspelt(file.At(token.Span), keyword));
        Take(_states.After(keyword, following)!.Value, token);
        return true;
    }

    // `power of idle hosts`: a keyword of another place, but one letter makes it one of this place that what follows goes on from.
    private bool IsSlip(string written, string keyword, SyntaxToken? following) =>
        written != Vocabulary.For && NearestWord.Distance(written, keyword) == 1 && following is not null && _states.After(keyword, following)?.Next.After(following, null) is not null;

    // `when nto host.cpu > 75%`: the misspelt word passes for a name, and only the word after it does not fit.
    private bool MendWordBefore(SyntaxToken token, SyntaxToken? following)
    {
        var last = _entries[^1];
        if (last.Term is not (PolicyGrammar.Word or PolicyGrammar.Operand) || Vocabulary.Keywords.Contains(last.Token.Text))
            return false;
        var keyword = NearestWord.Find(last.Token.Text, _before.Expected().Where(Vocabulary.Keywords.Contains));
        if (keyword is null || _before.After(keyword, token) is not { } mended || mended.Next.After(token, following) is not { } step)
            return false;
        bag.Add(SyntaxDiagnostics.Misspelt(file.At(last.Token.Span), keyword));
        _entries[^1] = last with { Term = mended.Term };
        _states = mended.Next;
        Take(step, token);
        return true;
    }

    // `policy when host.cpu > 75% ...`: a trigger passes for a name only where another trigger follows it.
    private bool NameForgotten(int i, int end) =>
        _entries.Count == 1 && _entries[0].Term == Vocabulary.Policy && Vocabulary.TriggerStarters.Contains(tokens[i].Text)
        && (i + 1 >= end || !Vocabulary.TriggerStarters.Contains(tokens[i + 1].Text));

    private void AddName(SyntaxToken trigger)
    {
        bag.Add(SyntaxDiagnostics.Unexpected(file.At(trigger.Span), "the name of the policy", null));
        Take(PolicyGrammar.Word, Inserted("", trigger.Span.Start));
        Take(trigger.Text, trigger);
    }

    private bool AddThen(SyntaxToken token, SyntaxToken? following)
    {
        if (token.Kind != TokenKind.Word || !Vocabulary.ActionStarters.Contains(token.Text) || _states.After(Vocabulary.Then, token) is not { } after)
            return false;
        if (after.Next.After(token, following) is not { } step)
            return false;
        bag.Add(SyntaxDiagnostics.MissingThen(file.At(token.Span)));
        Take(after, Inserted(Vocabulary.Then, token.Span.Start));
        Take(step, token);
        return true;
    }

    private bool DropParenthesis(SyntaxToken token)
    {
        var closesNothing = token is { Kind: TokenKind.Sign, Text: Vocabulary.CloseParenthesis } ? LastOpen() is null
            : token is { Kind: TokenKind.Sign, Text: Vocabulary.CloseBrace } && _entries[0].Term != Vocabulary.Test;
        if (closesNothing)
            bag.Add(SyntaxDiagnostics.ClosesNothing(file.At(token.Span), token.Text == Vocabulary.CloseBrace ? Vocabulary.OpenBrace : Vocabulary.OpenParenthesis));
        return closesNothing;
    }

    /// <summary>Closes what must be closed for the token, or the end of the sentence, to stand here.</summary>
    private bool CloseParentheses(SyntaxToken? token, SyntaxToken? following)
    {
        var states = _states;
        for (var added = 1; states.After(Vocabulary.CloseParenthesis, token) is { } closed; added++)
        {
            states = closed.Next;
            if (token is null ? !states.CanEnd : states.After(token, following) is null)
                continue;
            var at = token?.Span ?? new TextSpan(_entries[^1].Token.Span.End, 0);
            for (var i = 0; i < added; i++)
            {
                bag.Add(SyntaxDiagnostics.UnclosedParenthesis(file.At(LastOpen()!.Span), file.At(at)));
                Take(Vocabulary.CloseParenthesis, Inserted(Vocabulary.CloseParenthesis, at.Start));
            }
            if (token is not null)
                Take(_states.After(token, following)!.Value, token);
            return true;
        }
        return false;
    }

    private SyntaxToken? LastOpen()
    {
        var closed = 0;
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Term == Vocabulary.CloseParenthesis)
                closed++;
            else if (_entries[i].Term == Vocabulary.OpenParenthesis && closed-- == 0)
                return _entries[i].Token;
        }
        return null;
    }

    private static SyntaxToken Inserted(string text, int at) => new(TokenKind.Word, text, text, new TextSpan(at, 0));
}
