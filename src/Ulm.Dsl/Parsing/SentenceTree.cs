using System.Collections.Immutable;
using Irony.Parsing;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// Builds the tree of a sentence from Irony's table and turns it into our own syntax; nothing of Irony's leaves this folder. What each
/// word is has been decided by then. Irony's own parser would scan the words anew, which takes as long as all the rest of a
/// compilation.
/// </summary>
internal static class SentenceTree
{
    /// <summary>Null where the table refuses the words: where <see cref="ParserStates"/> took them, never.</summary>
    public static SentenceSyntax? Parse(ImmutableArray<Entry> entries)
    {
        var tokens = ImmutableArray.CreateBuilder<SyntaxToken>(entries.Length);
        var nodes = new Stack<TreeNode>();
        var states = new Stack<ParserState>();
        states.Push(PolicyGrammar.Language.ParserData.InitialState);
        foreach (var entry in entries)
        {
            var terminal = ParserStates.TerminalOf(entry.Term);
            if (!Reduce(terminal, nodes, states) || states.Peek().Actions[terminal] is not ShiftParserAction shift)
                return null;
            nodes.Push(TreeNode.OfToken(entry.Term, tokens.Count));
            states.Push(shift.NewState);
            tokens.Add(Understood(entry));
        }
        return Reduce(PolicyGrammar.Language.Grammar.Eof, nodes, states) && nodes.Count == 1
            ? new SyntaxBuilder(tokens.ToImmutable()).Sentence(nodes.Peek())
            : null;
    }

    // A token that was mended stands for its keyword from here on; its span stays where the author wrote it.
    private static SyntaxToken Understood(Entry entry)
    {
        var word = PolicyGrammar.Written(entry.Term);
        return entry.Token.Kind == TokenKind.Word && Vocabulary.Keywords.Contains(word) ? entry.Token with { Text = word, Value = word } : entry.Token;
    }

    /// <summary>Closes all parts that end before the terminal. False: it can't follow.</summary>
    private static bool Reduce(Terminal next, Stack<TreeNode> nodes, Stack<ParserState> states)
    {
        while (true)
        {
            var state = states.Peek();
            var action = state.DefaultAction;
            if (action is null && !state.Actions.TryGetValue(next, out action))
                return false;
            if (action is not ReduceParserAction reduce)
                return true;
            var parts = new List<TreeNode>(reduce.Production.RValues.Count);
            for (var i = reduce.Production.RValues.Count; i > 0; i--)
            {
                parts.Add(nodes.Pop());
                states.Pop();
            }
            parts.Reverse();
            nodes.Push(Node(reduce, parts));
            if (!states.Peek().Actions.TryGetValue(reduce.Production.LValue, out var go))
                return false;
            if (go is AcceptParserAction)
                return true;
            states.Push(((ShiftParserAction)go).NewState);
        }
    }

    // A list grows by its last part, so that it is one node; what only holds a list becomes it.
    private static TreeNode Node(ReduceParserAction reduce, List<TreeNode> parts)
    {
        if (reduce is ReduceListBuilderParserAction)
        {
            parts[0].Add(parts[^1]);
            return parts[0];
        }
        return TreeNode.Of(reduce.Production.LValue.Name, reduce is ReduceListContainerParserAction ? [.. parts.SelectMany(p => p.Children)] : parts);
    }
}
