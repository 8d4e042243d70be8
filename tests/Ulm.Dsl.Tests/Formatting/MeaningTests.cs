using Ulm.Dsl.Formatting;

namespace Ulm.Dsl.Tests.Formatting;

public class MeaningTests
{
    private const string Text = "let a = host.cpu > 75% # why\nwhen a for 10m then balance until not a\nnever migrate vm db\n";

    [Fact]
    public void Layout_is_no_difference() =>
        Assert.Null(Difference("let a = host.cpu > 75%  # why\n\nwhen a\n  for 10m then balance\n  until not a never migrate vm db"));

    [Theory]
    [InlineData("75%", "76%", "its sentences are others")]
    [InlineData("75%", "75.0%", "its sentences are others")]
    [InlineData("never migrate vm db\n", "", "its sentences are others")]
    [InlineData("# why", "# not", "its comments are others")]
    [InlineData(" # why", "", "its comments are others")]
    [InlineData("balance", "balanc", "it can't be read")]
    public void What_is_lost_is_named(string old, string now, string expected) => Assert.Equal(expected, Difference(Text.Replace(old, now)));

    [Theory]
    [InlineData("75%", "74%")]
    [InlineData("10m", "11m")]
    [InlineData("until not a", "")]
    [InlineData("not a", "a")]
    [InlineData("vm db", "vm dc")]
    [InlineData("balance", "balance by memory")]
    [InlineData("when a", "when a and a")]
    [InlineData("never migrate vm db", "timezone UTC never migrate vm db")]
    public void Policies_are_compared_to_the_last_number(string old, string now)
    {
        Assert.False(Meaning.Same(Compiled.Text(Text).Policies, Compiled.Text(Text.Replace(old, now)).Policies));
        Assert.True(Meaning.Same(Compiled.Text(Text).Policies, Compiled.Text("\n \n" + Text).Policies));
    }

    private static string? Difference(string now) => Meaning.Difference(new SourceText("a.ulm", Text), new SourceText("a.ulm", now), new SentenceMemo());
}
