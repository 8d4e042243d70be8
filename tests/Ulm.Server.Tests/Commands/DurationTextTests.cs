using Ulm.Server.Commands;

namespace Ulm.Server.Tests.Commands;

public class DurationTextTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172_800)]
    [InlineData("1d2h3m4s", 93_784)]
    [InlineData("0s", 0)]
    public void Reads_what_the_language_writes(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), DurationText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("m")]
    [InlineData("10x")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("10 m")]
    [InlineData("99999999999d")]
    [InlineData("9999999999d")]
    [InlineData("10min")]
    public void Refuses_everything_else(string text) => Assert.Null(DurationText.Parse(text));
}
