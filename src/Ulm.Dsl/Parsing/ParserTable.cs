using System.Collections.Frozen;
using System.Collections.Immutable;
using Irony.Parsing;

namespace Ulm.Dsl.Parsing;

/// <summary>What the table says to a token that comes in a state.</summary>
internal enum ParserMove
{
    /// <summary>It can't stand there.</summary>
    Refuse,

    /// <summary>Take it, and go to the state that comes with the answer.</summary>
    Shift,

    /// <summary>First close the part whose <see cref="Production"/> comes with the answer.</summary>
    Reduce,
    Accept,
}

/// <summary>How a part of a sentence is made of smaller ones.</summary>
/// <param name="Part">What the grammar calls it.</param>
/// <param name="Goes">What stands for the part where the table is asked where to go on.</param>
/// <param name="Length">How many smaller ones it closes.</param>
internal sealed record Production(string Part, int Goes, int Length, PartShape Shape);

internal enum PartShape
{
    /// <summary>A part of its own.</summary>
    Whole,

    /// <summary>The last of its parts is one more of the list that the first one is.</summary>
    LongerList,

    /// <summary>It only holds a list, and becomes it.</summary>
    HeldList,
}

/// <summary>
/// Irony's LALR table laid out as one array of numbers: it is asked several times for every word, and Irony keeps it in dictionaries
/// of objects. Of Irony's types none leaves this class and the grammar's.
/// </summary>
internal sealed class ParserTable
{
    public static readonly ParserTable Of = new(PolicyGrammar.Language);

    private readonly int _columns;

    // By state, then by what comes: a terminal, or a part that was closed.
    private readonly (ParserMove Move, int To)[] _moves;

    // Of a state in which the same is done whatever comes; else Refuse.
    private readonly (ParserMove Move, int To)[] _always;
    private readonly FrozenDictionary<string, int> _terms;
    private readonly ImmutableArray<Production> _productions;

    private ParserTable(LanguageData language)
    {
        var states = language.ParserData.States;
        var symbols = states.SelectMany(s => s.Actions.Keys).Concat(language.Grammar.KeyTerms.Values).Append(language.Grammar.Eof).Distinct().ToList();
        var columns = symbols.Select((symbol, i) => (symbol, i)).ToDictionary(c => c.symbol, c => c.i);
        var rows = states.Select((state, i) => (state, i)).ToDictionary(r => r.state, r => r.i);
        var productions = new List<Production>();
        var numbers = new Dictionary<Irony.Parsing.Production, int>();
        _columns = symbols.Count;
        _moves = new (ParserMove, int)[states.Count * _columns];
        _always = new (ParserMove, int)[states.Count];
        for (var row = 0; row < states.Count; row++)
        {
            if (states[row].DefaultAction is { } always)
                _always[row] = Move(always);
            foreach (var (symbol, action) in states[row].Actions)
                _moves[(row * _columns) + columns[symbol]] = Move(action);
        }
        _terms = language.Grammar.KeyTerms.ToFrozenDictionary(k => k.Key, k => columns[k.Value], StringComparer.Ordinal);
        _productions = [.. productions];
        Start = rows[language.ParserData.InitialState];
        End = columns[language.Grammar.Eof];

        (ParserMove, int) Move(ParserAction action) => action switch
        {
            ShiftParserAction shift => (ParserMove.Shift, rows[shift.NewState]),
            ReduceParserAction reduce => (ParserMove.Reduce, NumberOf(reduce)),
            AcceptParserAction => (ParserMove.Accept, 0),
            _ => (ParserMove.Refuse, 0),
        };

        int NumberOf(ReduceParserAction reduce)
        {
            if (!numbers.TryGetValue(reduce.Production, out var number))
            {
                numbers.Add(reduce.Production, number = productions.Count);
                var shape = reduce switch
                {
                    ReduceListBuilderParserAction => PartShape.LongerList,
                    ReduceListContainerParserAction => PartShape.HeldList,
                    _ => PartShape.Whole,
                };
                productions.Add(new Production(reduce.Production.LValue.Name, columns.GetValueOrDefault(reduce.Production.LValue, -1), reduce.Production.RValues.Count, shape));
            }
            return number;
        }
    }

    public int Start { get; }

    /// <summary>What stands for the end of a sentence.</summary>
    public int End { get; }

    /// <summary>Every word, sign and class of words of the grammar, as <see cref="Step.Term"/> has it.</summary>
    public IEnumerable<string> Terms => _terms.Keys;

    public bool Has(string term, out int number) => _terms.TryGetValue(term, out number);

    public Production this[int production] => _productions[production];

    /// <param name="next">A term's number, or <see cref="End"/>.</param>
    /// <returns>What to do, and the state or production that goes with it.</returns>
    public (ParserMove Move, int To) At(int state, int next) => _always[state] is { Move: not ParserMove.Refuse } always ? always : _moves[(state * _columns) + next];

    /// <summary>Where to go on from a state once the part is closed.</summary>
    public (ParserMove Move, int To) After(int state, Production closed) => closed.Goes < 0 ? default : _moves[(state * _columns) + closed.Goes];
}
