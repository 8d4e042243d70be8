using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Formatting;

/// <summary>A text that was read without a fault: its sentences, and its tokens with their comments.</summary>
internal sealed record SoundText(ImmutableArray<SentenceSyntax> Sentences, CommentedTokens Tokens)
{
    /// <summary>Null where something in the text can't be read.</summary>
    public static SoundText? Read(SourceText source, SentenceMemo? memo = null)
    {
        var bag = new DiagnosticBag();
        var parsed = FileParser.Parse(new SourceFile(source), bag, memo);
        return bag.ErrorCount > 0 ? null
            : new SoundText([.. parsed.Sentences.Select(s => s.Syntax)], new CommentedTokens(source.Text, [.. parsed.Sentences.SelectMany(InFile)]));
    }

    private static IEnumerable<SyntaxToken> InFile(ParsedSentence sentence) => sentence.Syntax.Tokens.Select(t => t with { Span = sentence.At(t.Span).Span });
}
