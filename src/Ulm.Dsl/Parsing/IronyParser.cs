using System.Collections.Immutable;
using System.Text;
using Irony.Parsing;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Parsing;

/// <summary>Has Irony build the tree of a sentence and turns that into our own syntax; nothing of Irony's leaves this folder.</summary>
internal static class IronyParser
{
    public static SentenceSyntax? Parse(ImmutableArray<Entry> entries)
    {
        var text = new StringBuilder();
        var tokenAt = new Dictionary<int, SyntaxToken>(entries.Length);
        var tokens = ImmutableArray.CreateBuilder<SyntaxToken>(entries.Length);
        foreach (var entry in entries)
        {
            // A token that was mended stands for its keyword from here on; its span stays where the author wrote it.
            var word = PolicyGrammar.Written(entry.Term);
            var token = entry.Token.Kind == TokenKind.Word && Vocabulary.Keywords.Contains(word)
                ? entry.Token with { Text = word, Value = word }
                : entry.Token;
            tokens.Add(token);
            tokenAt[text.Length] = token;
            text.Append(entry.Term).Append(' ');
        }

        // A parser of its own for each parse: one that is shared between threads, or once threw, is of no further use.
        var tree = new Parser(PolicyGrammar.Language).Parse(text.ToString());
        return tree.Root is null || tree.HasErrors()
            ? null
            : new SyntaxBuilder(tokenAt, tokens.ToImmutable()).Sentence(tree.Root);
    }
}
