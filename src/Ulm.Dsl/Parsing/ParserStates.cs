using System.Collections.Immutable;
using Irony.Parsing;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// Walks Irony's LALR table over the tokens of a sentence without building anything. It answers what Irony's own parser can't
/// be asked: whether a word is a keyword or a name where it stands, exactly what could stand at a given place, and whether the
/// sentence may end there. Immutable, so that a mended continuation can be tried and dropped.
/// </summary>
internal sealed class ParserStates
{
    private static readonly ImmutableDictionary<string, Terminal> KeyTerms =
        PolicyGrammar.Language.Grammar.KeyTerms.ToImmutableDictionary(k => k.Key, Terminal (k) => k.Value, StringComparer.Ordinal);

    /// <summary>Of a word or sign as <see cref="Step.Term"/> has it.</summary>
    public static Terminal TerminalOf(string term) => KeyTerms[term];

    public static readonly ParserStates Start =
        new(ImmutableStack.Create(PolicyGrammar.Language.ParserData.InitialState));

    private readonly ImmutableStack<ParserState> _stack;

    private ParserStates(ImmutableStack<ParserState> stack) => _stack = stack;

    /// <summary>Whether the tokens so far are a whole sentence.</summary>
    public bool CanEnd => After(PolicyGrammar.Language.Grammar.Eof, accept: true) is not null;

    /// <summary>Everything that could come next, as in <see cref="Vocabulary"/> or one of <see cref="PolicyGrammar.Classes"/>.</summary>
    public IEnumerable<string> Expected() =>
        KeyTerms.Where(k => After(k.Value, accept: false) is not null).Select(k => PolicyGrammar.Written(k.Key)).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The states after the token, and what it was taken for; null where it can't stand here.</summary>
    /// <param name="following">The token behind it, which decides where it can be several things.</param>
    public Step? After(SyntaxToken token, SyntaxToken? following) => First(TokenReadings.Of(token, following));

    /// <summary>The states after a word or sign of the language.</summary>
    public Step? After(string word, SyntaxToken? following) => First(TokenReadings.OfWritten(word, following));

    private Step? First(IEnumerable<string> terms)
    {
        foreach (var term in terms)
        {
            if (KeyTerms.TryGetValue(term, out var terminal) && After(terminal, accept: false) is { } next)
                return new Step(next, term);
        }
        return null;
    }

    private ParserStates? After(Terminal terminal, bool accept)
    {
        var stack = _stack;
        while (true)
        {
            var state = stack.Peek();
            var action = state.DefaultAction;
            if (action is null && !state.Actions.TryGetValue(terminal, out action))
                return null;
            switch (action)
            {
                case ShiftParserAction shift:
                    return new ParserStates(stack.Push(shift.NewState));
                case ReduceParserAction reduce:
                    for (var i = 0; i < reduce.Production.RValues.Count; i++)
                        stack = stack.Pop();
                    if (!stack.Peek().Actions.TryGetValue(reduce.Production.LValue, out var go))
                        return null;
                    if (go is AcceptParserAction)
                        return accept ? this : null;
                    stack = stack.Push(((ShiftParserAction)go).NewState);
                    break;
                case AcceptParserAction:
                    return accept ? this : null;
                default:
                    return null;
            }
        }
    }
}

/// <param name="Term">What the token was taken for, as the grammar calls it.</param>
internal readonly record struct Step(ParserStates Next, string Term);
