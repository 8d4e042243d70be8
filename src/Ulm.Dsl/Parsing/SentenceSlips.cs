using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>What is said in other words than this language's: reported with the right ones, and read on as if these stood there.</summary>
internal sealed partial class SentenceReader
{
    /// <summary>Looks for one that ends behind a token which does not fit, or right before it. Gives the token to go on with; null where there is none.</summary>
    private int? MendSlip(int fault, ReadRequest request)
    {
        // The end of a sentence that is not whole is a fault too, behind its last token.
        var atEnd = fault == request.End;
        for (var start = fault - (atEnd ? 1 : 0); start >= request.Start && start > fault - Slips.Longest; start--)
        {
            foreach (var slip in Slips.From(tokens[start]))
            {
                var end = start + slip.Length;
                if (end <= fault - (atEnd ? 1 : 0) || end > request.End || !OneLine(start, end) || !Matches(slip, start))
                    continue;
                if (_repairs < CompilerLimits.RepairsPerSentence && slip.Said(tokens.AsSpan()[start..end]) is { } said && TakeInstead(start, end, said, request))
                    return end;
            }
            if (BeginsLine(start))
                break;
        }
        return null;
    }

    // An unknown word at the left edge most likely begins a new sentence; only words that do are taken for something else there.
    private bool OneLine(int start, int end)
    {
        for (var i = start + 1; i < end; i++)
        {
            if (BeginsLine(i))
                return false;
        }
        return true;
    }

    private bool Matches(Slip slip, int start)
    {
        for (var part = 0; part < slip.Length; part++)
        {
            if (!slip.Matches(part, tokens[start + part]))
                return false;
        }
        return !(slip.BeginsWithKind && slip.Length == 1 && BeginsLine(start));
    }

    private bool TakeInstead(int start, int end, ImmutableArray<SyntaxToken> said, ReadRequest request)
    {
        var kept = start < tokens.Length ? _entries.FindIndex(e => ReferenceEquals(e.Token, tokens[start])) : -1;
        kept = kept < 0 ? _entries.Count : kept;
        if (_line is { } line && kept < line.Entries)
            return false;
        var next = end < request.End ? tokens[end] : null;
        var states = After(kept);
        var steps = new List<Entry>(said.Length);
        for (var i = 0; i < said.Length; i++)
        {
            if (states?.After(said[i], i + 1 < said.Length ? said[i + 1] : next) is not { } step)
                return false;
            steps.Add(new Entry(step.Term, said[i]));
            states = step.Next;
        }
        if (states is null || !(next is null ? states.CanEnd : states.After(next, end + 1 < request.End ? tokens[end + 1] : null) is not null))
            return false;

        _repairs++;
        bag.Add(Slip(tokens[start..end], said, next));
        _entries.RemoveRange(kept, _entries.Count - kept);
        _entries.AddRange(steps);
        (_before, _states) = (After(_entries.Count - 1) ?? _states, states);
        return true;
    }

    private ParserStates? After(int entries)
    {
        var (states, read) = _line is { } line && line.Entries <= entries ? (line.States, line.Entries) : (ParserStates.Start, 0);
        for (; read < entries && states is not null; read++)
            states = states.After(_entries[read].Term, null)?.Next;
        return states;
    }

    private Diagnostic Slip(ImmutableArray<SyntaxToken> written, ImmutableArray<SyntaxToken> said, SyntaxToken? next)
    {
        // Only what differs is underlined, and never nothing: a word to hold on to is what stands beside it.
        var (w, s) = (written.Select(t => t.Text).ToList(), said.Select(t => t.Text).ToList());
        var most = Math.Min(w.Count, s.Count);
        var before = w.Zip(s).TakeWhile(p => p.First == p.Second).Count();
        var behind = Math.Min(most - before, Enumerable.Reverse(w).Zip(Enumerable.Reverse(s)).TakeWhile(p => p.First == p.Second).Count());
        if (before + behind == Math.Min(w.Count, s.Count))
        {
            if (before > 0)
                before--;
            else if (behind > 0)
                behind--;
            else if (next is not null)
                (written, said) = (written.Add(next), said.Add(next));
        }
        var span = written[before].Span.To(written[^(behind + 1)].Span);
        var words = TokenSpacing.Join([.. said.Skip(before).SkipLast(behind)]);
        // A sign needs no blank before it, the word in its place does: `consolidate, balance`.
        var glued = span.Start > 0 && Scanner.IsWordPart(file.Text[span.Start - 1]) && words.Length > 0 && (words[0] == '=' || Scanner.IsWordPart(words[0]));
        return SyntaxDiagnostics.SaidOtherwise(file.At(span), words, glued ? " " + words : words);
    }
}
