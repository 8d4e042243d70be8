using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// Walks the table over the tokens of a sentence without building anything. It answers what Irony's own parser can't
/// be asked: whether a word is a keyword or a name where it stands, exactly what could stand at a given place, and whether the
/// sentence may end there. Immutable, so that a mended continuation can be tried and dropped.
/// </summary>
internal sealed class ParserStates
{
    private static readonly ParserTable Table = ParserTable.Of;

    public static readonly ParserStates Start = new(Table.Start, null);

    // The stack of the parser: the state on top, and all that is below it.
    private readonly int _state;
    private readonly ParserStates? _below;

    private ParserStates(int state, ParserStates? below)
    {
        _state = state;
        _below = below;
    }

    /// <summary>Whether the tokens so far are a whole sentence.</summary>
    public bool CanEnd => After(Table.End) is { Accepted: true };

    /// <summary>Everything that could come next, as in <see cref="Vocabulary"/> or one of <see cref="PolicyGrammar.Classes"/>.</summary>
    public IEnumerable<string> Expected() =>
        Table.Terms.Where(t => After(t) is not null).Select(PolicyGrammar.Written).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The states after the token, and what it was taken for; null where it can't stand here.</summary>
    /// <param name="following">The token behind it, which decides where it can be several things.</param>
    public Step? After(SyntaxToken token, SyntaxToken? following) => First(TokenReadings.Of(token, following));

    /// <summary>The states after a word or sign of the language.</summary>
    public Step? After(string word, SyntaxToken? following) => First(TokenReadings.OfWritten(word, following));

    private Step? First(ReadOnlySpan<string> terms)
    {
        foreach (var term in terms)
        {
            if (After(term) is { } next)
                return new Step(next, term);
        }
        return null;
    }

    private ParserStates? After(string term) => Table.Has(term, out var number) ? After(number).Next : null;

    private (ParserStates? Next, bool Accepted) After(int next)
    {
        var top = this;
        while (true)
        {
            var (move, to) = Table.At(top._state, next);
            switch (move)
            {
                case ParserMove.Shift:
                    return (new ParserStates(to, top), false);
                case ParserMove.Reduce:
                    var closed = Table[to];
                    for (var i = 0; i < closed.Length; i++)
                        top = top._below!;
                    (move, to) = Table.After(top._state, closed);
                    if (move != ParserMove.Shift)
                        return (null, move == ParserMove.Accept);
                    top = new ParserStates(to, top);
                    break;
                default:
                    return (null, move == ParserMove.Accept);
            }
        }
    }
}

/// <param name="Term">What the token was taken for, as the grammar calls it.</param>
internal readonly record struct Step(ParserStates Next, string Term);
