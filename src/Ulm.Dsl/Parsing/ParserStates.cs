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

    public static readonly ParserStates Start =
        new(ImmutableStack.Create(PolicyGrammar.Language.ParserData.InitialState));

    private readonly ImmutableStack<ParserState> _stack;

    private ParserStates(ImmutableStack<ParserState> stack) => _stack = stack;

    /// <summary>Whether the tokens so far are a whole sentence.</summary>
    public bool CanEnd => After(PolicyGrammar.Language.Grammar.Eof, accept: true) is not null;

    /// <summary>Everything that could come next, as in <see cref="Vocabulary"/> or one of <see cref="PolicyGrammar"/>'s own signs.</summary>
    public IEnumerable<string> Expected() =>
        KeyTerms.Keys.Where(k => After(k) is not null).Order(StringComparer.Ordinal);

    /// <summary>The states after the token, and what it was taken for; null where it can't stand here.</summary>
    public (ParserStates Next, string Term)? After(SyntaxToken token)
    {
        foreach (var term in Readings(token))
        {
            if (After(term) is { } next)
                return (next, term);
        }
        return null;
    }

    public ParserStates? After(string term) => KeyTerms.TryGetValue(term, out var terminal) ? After(terminal, accept: false) : null;

    // A keyword where one can stand; only elsewhere a name. So a word is reserved in its own place alone.
    private static IEnumerable<string> Readings(SyntaxToken token) => token.Kind switch
    {
        TokenKind.Word when Vocabulary.ReservedInConditions.Contains(token.Text) => [token.Text, PolicyGrammar.Word],
        TokenKind.Word when Vocabulary.Keywords.Contains(token.Text) => [token.Text, PolicyGrammar.Operand, PolicyGrammar.Word],
        TokenKind.Word => [PolicyGrammar.Operand, PolicyGrammar.Word],
        TokenKind.Number => [PolicyGrammar.Number],
        TokenKind.Text => [PolicyGrammar.QuotedText],
        _ => [token.Text],
    };

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
