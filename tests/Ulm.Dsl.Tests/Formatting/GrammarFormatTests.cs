using Ulm.Dsl.Formatting;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Tests.Parsing;

namespace Ulm.Dsl.Tests.Formatting;

/// <summary>Files of random sentences from the written grammar, laid out anew. Whether they make sense is no matter of layout.</summary>
public class GrammarFormatTests
{
    private const int Files = 300;

    [Fact]
    public void Whatever_can_be_written_is_laid_out_without_a_change_of_its_words_and_the_same_way_twice()
    {
        var random = new Random(20260106);
        var sentences = new GrammarSentences(random);
        for (var i = 0; i < Files; i++)
        {
            var text = GrammarSentences.Spread(Enumerable.Range(0, random.Next(1, 6)).SelectMany(_ => sentences.Next()), random);
            var before = Read(text);
            var laid = FileLayout.Lay(before.Tokens, before.Sentences);
            var after = Read(laid);
            Assert.Equal(before.Sentences.Select(Written), after.Sentences.Select(Written));
            Assert.Equal(before.Tokens.Comments, after.Tokens.Comments);
            Assert.Equal(laid, FileLayout.Lay(after.Tokens, after.Sentences));
            Assert.All(laid.Split('\n'), line => Assert.False(line.EndsWith(' ') || line.TrimStart().Contains("  )", StringComparison.Ordinal) && !line.Contains('#'), line));
        }
    }

    private static SoundText Read(string text)
    {
        var sound = SoundText.Read(new SourceText("test.ulm", text));
        Assert.True(sound is not null, text);
        return sound;
    }

    // The words, and what the parser took them for: the tree without its places.
    private static string Written(SentenceSyntax sentence) =>
        sentence.GetType().Name + " " + TokenSpacing.Join(sentence.Tokens.AsSpan()) + " " + Shape(sentence);

    private static string Shape(SyntaxNode node) => node.GetType().Name + "(" + string.Join(",", node.GetType().GetProperties()
        .Select(p => p.GetValue(node))
        .SelectMany(v => v as IEnumerable<SyntaxNode> ?? (v is SyntaxNode one ? [one] : []))
        .Select(Shape)) + ")";
}
