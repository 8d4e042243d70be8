using System.Collections.Immutable;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Parsing;

/// <summary>What could be read of a file.</summary>
/// <param name="Broken">The tokens of sentences that could not be read, so that what they speak of is not called unused or missing.</param>
internal sealed record ParsedFile(SourceFile File, ImmutableArray<ParsedSentence> Sentences, ImmutableArray<ImmutableArray<SyntaxToken>> Broken)
{
    /// <summary>The sentences of a kind, with their syntax.</summary>
    public IEnumerable<(ParsedSentence Sentence, T Syntax)> All<T>()
        where T : SentenceSyntax
    {
        foreach (var sentence in Sentences)
        {
            if (sentence.Syntax is T syntax)
                yield return (sentence, syntax);
        }
    }
}
