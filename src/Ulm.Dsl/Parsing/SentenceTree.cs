using System.Collections.Immutable;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>
/// Builds the tree of a sentence from the table and turns it into our own syntax. What each
/// word is has been decided by then. Irony's own parser would scan the words anew, which takes as long as all the rest of a
/// compilation.
/// </summary>
internal static class SentenceTree
{
    private static readonly ParserTable Table = ParserTable.Of;

    /// <summary>Null where the table refuses the words: where <see cref="ParserStates"/> took them, never. Spans count from the first of them.</summary>
    public static SentenceSyntax? Parse(ImmutableArray<Entry> entries)
    {
        var start = entries[0].Token.Span.Start;
        var tokens = ImmutableArray.CreateBuilder<SyntaxToken>(entries.Length);
        var nodes = new Stack<TreeNode>();
        var states = new Stack<int>();
        states.Push(Table.Start);
        foreach (var entry in entries)
        {
            if (!Table.Has(entry.Term, out var term) || Reduce(term, nodes, states) is not (ParserMove.Shift, var state))
                return null;
            nodes.Push(TreeNode.OfToken(entry.Term, tokens.Count));
            states.Push(state);
            tokens.Add(Understood(entry, start));
        }
        return Reduce(Table.End, nodes, states).Move == ParserMove.Accept && nodes.Count == 1
            ? new SyntaxBuilder(tokens.MoveToImmutable()).Sentence(nodes.Peek())
            : null;
    }

    // A token that was mended stands for its keyword from here on; its span stays where the author wrote it.
    private static SyntaxToken Understood(Entry entry, int start)
    {
        var (token, word) = (entry.Token, PolicyGrammar.Written(entry.Term));
        var span = token.Span with { Start = token.Span.Start - start };
        return token.Kind == TokenKind.Word && token.Text != word && Vocabulary.Keywords.Contains(word)
            ? new SyntaxToken(token.Kind, word, word, span)
            : token with { Span = span };
    }

    /// <summary>Closes all parts that end before what comes next, and says what is to be done with that.</summary>
    private static (ParserMove Move, int To) Reduce(int next, Stack<TreeNode> nodes, Stack<int> states)
    {
        while (true)
        {
            var (move, to) = Table.At(states.Peek(), next);
            if (move != ParserMove.Reduce)
                return (move, to);
            var closed = Table[to];
            var parts = new TreeNode[closed.Length];
            for (var i = closed.Length - 1; i >= 0; i--)
            {
                parts[i] = nodes.Pop();
                states.Pop();
            }
            nodes.Push(Node(closed, parts));
            (move, to) = Table.After(states.Peek(), closed);
            if (move != ParserMove.Shift)
                return (move, to);
            states.Push(to);
        }
    }

    // A list grows by its last part, so that it is one node; what only holds a list becomes it.
    private static TreeNode Node(Production closed, TreeNode[] parts)
    {
        if (closed.Shape == PartShape.LongerList)
        {
            parts[0].Add(parts[^1]);
            return parts[0];
        }
        return TreeNode.Of(closed.Part, closed.Shape == PartShape.HeldList ? [.. parts.SelectMany(p => p.Children)] : parts);
    }
}
