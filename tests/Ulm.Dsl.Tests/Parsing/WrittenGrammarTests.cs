using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Tests.Parsing;

/// <summary>The written grammar is the language: whatever it allows is read, sentence by sentence.</summary>
public class WrittenGrammarTests
{
    private const int Files = 3_000;

    [Fact]
    public void Whatever_the_written_grammar_allows_is_read()
    {
        var random = new Random(20260105);
        var sentences = new GrammarSentences(random);
        for (var i = 0; i < Files; i++)
        {
            var file = Enumerable.Range(0, random.Next(1, 8)).Select(_ => sentences.Next()).ToList();
            var text = GrammarSentences.Spread(file.SelectMany(s => s), random);
            var (parsed, faults) = Read(text);
            Assert.True(faults.Count == 0, $"file {i}: {faults.FirstOrDefault()}\n{text}");
            Assert.Equal(file.Select(s => string.Join(' ', s)), parsed.Sentences.Select(s => string.Join(' ', s.Syntax.Tokens.Select(t => t.Text))));
        }
    }

    [Fact]
    public void Every_part_that_is_spoken_of_is_written() =>
        Assert.Empty(WrittenGrammar.Language.References.Except([.. WrittenGrammar.Language.Rules.Keys, "letter", "digit"]));

    [Fact]
    public void Every_form_of_the_written_grammar_was_read()
    {
        var random = new Random(1);
        var sentences = new GrammarSentences(random);
        var written = Enumerable.Range(0, 3_000).SelectMany(_ => sentences.Next()).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(WrittenGrammar.Language.Terminals.Except(written));
    }

    private static (ParsedFile File, List<string> Faults) Read(string text)
    {
        var bag = new DiagnosticBag();
        var file = new SourceFile(new SourceText("test.ulm", text));
        var parsed = FileParser.Parse(file, bag);
        return (parsed, [.. bag.Finish([file]).Select(d => d.ToString())]);
    }
}
