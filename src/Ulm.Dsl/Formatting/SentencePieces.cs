using System.Collections.Immutable;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Formatting;

/// <summary>
/// Finds where the lines of a sentence can begin: at its clauses (header, trigger, each guard, actions, each modifier), within the actions at
/// <c>and</c>, within a condition at the outermost <c>and</c> or <c>or</c> first.
/// </summary>
/// <param name="offset">The index of the sentence's first token among those of the file.</param>
internal sealed class SentencePieces(SentenceSyntax sentence, int offset)
{
    /// <summary>The clauses, which together are the whole sentence.</summary>
    public static ImmutableArray<Piece> Of(SentenceSyntax sentence, int offset) => new SentencePieces(sentence, offset).Clauses();

    private ImmutableArray<Piece> Clauses() => sentence switch
    {
        RuleSyntax rule => Rule(rule),
        LetSyntax let => [Condition(let.Condition).From(offset)],
        HostGroupSyntax group => [Condition(group.Condition).From(offset)],
        TestSyntax test => Test(test),
        _ => [Piece.Of(offset, offset + sentence.Tokens.Length)],
    };

    // The header with its brace, the site, when it starts, each item, and the closing brace.
    private ImmutableArray<Piece> Test(TestSyntax test)
    {
        var site = At(test.Site.Span);
        var clauses = ImmutableArray.CreateBuilder<Piece>();
        clauses.Add(Piece.Of(offset, site - 1));
        clauses.Add(Piece.Of(site - 1, site + 1));
        if (test.Start is { } start)
            clauses.Add(Piece.Of(At(start.Span), Behind(start.Span)));
        clauses.AddRange(test.Items.Select(i => Piece.Of(At(i.Span), Behind(i.Span))));
        clauses.Add(Piece.Of(clauses[^1].End, offset + sentence.Tokens.Length));
        return clauses.ToImmutable();
    }

    private ImmutableArray<Piece> Rule(RuleSyntax rule)
    {
        var clauses = ImmutableArray.CreateBuilder<Piece>();
        if (rule.Name is { } name)
            clauses.Add(Piece.Of(offset, Behind(name.Span)));
        clauses.Add(rule.Trigger is WhenSyntax when
            ? Condition(when.Condition).From(At(when.Span)).To(Behind(when.Span))
            : Piece.Of(At(rule.Trigger.Span), Behind(rule.Trigger.Span)));
        clauses.AddRange(rule.Guards.Select(g => g switch
        {
            WhereSyntax where => Condition(where.Condition).From(At(where.Span)),
            UnlessSyntax unless => Condition(unless.Condition).From(At(unless.Span)),
            _ => Piece.Of(At(g.Span), Behind(g.Span)),
        }));
        if (!rule.Actions.IsEmpty)
            clauses.Add(Actions(rule.Actions, clauses[^1].End));
        clauses.AddRange(rule.Modifiers.Select(m => m is UntilSyntax until
            ? Condition(until.Condition).From(At(until.Span))
            : Piece.Of(At(m.Span), Behind(m.Span))));
        return clauses.ToImmutable();
    }

    // The first has `then` in front of it, each other one `and`.
    private Piece Actions(ImmutableArray<ActionSyntax> actions, int first)
    {
        var parts = ImmutableArray.CreateBuilder<Piece>(actions.Length);
        foreach (var action in actions)
        {
            var start = parts.Count == 0 ? first : parts[^1].End;
            parts.Add(action.Condition is { } condition ? Condition(condition).From(start) : Piece.Of(start, Behind(action.Span)));
        }
        return parts.Count == 1 ? parts[0] : new Piece(first, parts[^1].End, parts.ToImmutable());
    }

    private Piece Condition(ConditionSyntax condition) => condition switch
    {
        OrSyntax or => Joined(or.Operands),
        AndSyntax and => Joined(and.Operands),
        NotSyntax not => Condition(not.Operand).From(At(not.Span)),
        ParenthesisedSyntax inner => Condition(inner.Inner).From(At(inner.Span)).To(Behind(inner.Span)),
        QuantifiedSyntax quantified => Condition(quantified.Inner).From(At(quantified.Span)).To(Behind(quantified.Span)),
        ComparisonSyntax { Left: CountOfSyntax count } => Condition(count.Inner).From(At(condition.Span)).To(Behind(condition.Span)),
        ComparisonSyntax { Right: CountOfSyntax count } => Condition(count.Inner).From(At(condition.Span)).To(Behind(condition.Span)),
        _ => Piece.Of(At(condition.Span), Behind(condition.Span)),
    };

    private Piece Joined(ImmutableArray<ConditionSyntax> operands)
    {
        var parts = ImmutableArray.CreateBuilder<Piece>(operands.Length);
        foreach (var operand in operands)
            parts.Add(parts.Count == 0 ? Condition(operand) : Condition(operand).From(parts[^1].End));
        return new Piece(parts[0].First, parts[^1].End, parts.ToImmutable());
    }

    private int At(TextSpan span) => offset + Index(span.Start);

    private int Behind(TextSpan span) => offset + Index(span.End - 1) + 1;

    // Of the token that holds this place of the text.
    private int Index(int position)
    {
        var (low, high) = (0, sentence.Tokens.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (sentence.Tokens[middle].Span.Start <= position)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }
}
