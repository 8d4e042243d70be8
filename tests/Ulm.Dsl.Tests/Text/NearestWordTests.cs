using Ulm.Dsl.Text;

namespace Ulm.Dsl.Tests.Text;

public class NearestWordTests
{
    [Theory]
    [InlineData("thn", "then")]
    [InlineData("tehn", "then")]
    [InlineData("THEN", "then")]
    [InlineData("fr", "for")]
    [InlineData("of", "off")]
    [InlineData("evcuat", "evacuate")]
    [InlineData("zebra", null)]
    [InlineData("x", null)]
    [InlineData("do", null)]
    [InlineData("", null)]
    public void The_nearest_word(string written, string? meant) =>
        Assert.Equal(meant, NearestWord.Find(written, ["then", "for", "off", "on", "to", "evacuate", "balance"]));

    [Theory]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "abd", 1)]
    [InlineData("abc", "acb", 1)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance(string a, string b, int distance)
    {
        Assert.Equal(distance, NearestWord.Distance(a, b));
        Assert.Equal(distance, NearestWord.Distance(b, a));
    }
}
