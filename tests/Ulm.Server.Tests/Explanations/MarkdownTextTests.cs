using Ulm.Server.Explanations;

namespace Ulm.Server.Tests.Explanations;

public class MarkdownTextTests
{
    [Fact]
    public void Paragraphs_and_lists_are_wrapped_and_samples_are_not()
    {
        var words = string.Join(' ', Enumerable.Repeat("word", 25));
        Assert.Equal(
            $"""
            {string.Join(' ', Enumerable.Repeat("word", 20))}
            {string.Join(' ', Enumerable.Repeat("word", 5))}

            - {string.Join(' ', Enumerable.Repeat("word", 19))}
              {string.Join(' ', Enumerable.Repeat("word", 6))}
            - b

                {words}

                # end

            """,
            MarkdownText.Of($"{words}\n\n- {words}\n- b\n\n```ulm\n{words}\n\n# end\n```"));
    }

    [Fact]
    public void A_sample_that_stands_many_times_says_so() =>
        Assert.Equal("    every 1h balance\n    # ... the last line 5001 times\n\nx\n", MarkdownText.Of("```ulm repeat=5001\nevery 1h balance\n```\n\nx"));

    [Fact]
    public void A_word_longer_than_a_line_stands_alone()
    {
        var word = new string('x', MarkdownText.Width + 1);
        Assert.Equal($"a\n{word}\nb\n", MarkdownText.Of($"a {word} b"));
    }
}
