using System.Text;
using CsCheck;

namespace Ulm.Munin.Tests;

/// <summary>Whatever a node sends, parsing it ends in values or in words; it never throws, and never costs memory without bound.</summary>
public class ParserProperties
{
    private static readonly string[] Seeds =
    [
        "user.value 1", "user.value 1700000000:U", "multigraph g.sub", "user.type DERIVE", "user.min 0", "graph_title CPU", "user.label user", "user.value -1e5",
    ];

    /// <summary>Protocol lines with a few bytes overwritten at random.</summary>
    private static readonly Gen<byte[]> DamagedLine =
        Gen.Select(Gen.Int[0, Seeds.Length - 1], Gen.Select(Gen.Int[0, 30], Gen.Byte).Array[0, 4]).Select((seed, damage) =>
        {
            var bytes = Encoding.ASCII.GetBytes(Seeds[seed]);
            foreach (var (at, with) in damage) bytes[at % bytes.Length] = with;
            return bytes;
        });

    [Fact]
    public void DamagedAnswers_GiveValuesOrWords() =>
        DamagedLine.Array[0, 20].Sample(lines =>
        {
            var now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
            var (config, fetch) = (new ConfigParser("p", new NamePool()), new FetchParser("p", new NamePool()));
            foreach (var line in lines)
            {
                config.Take(line, now);
                fetch.Take(line, now);
            }
            foreach (var value in fetch.Result().Concat(config.Result().Select(g => g.Values).OfType<MuninValues>()).SelectMany(g => g.Values))
                Assert.True((value.Value is null) != (value.UnknownBecause is null) && Names.IsField(Encoding.UTF8.GetBytes(value.Field)));
        });

    [Theory]
    [InlineData("f{0}.label x")]
    [InlineData("multigraph g{0}\ngraph_title x")]
    public void ConfigurationWithoutEnd_IsRefusedBeforeItCostsMuch(string lines)
    {
        var parser = new ConfigParser("p", new NamePool());
        string? Take(int i)
        {
            string? refused = null;
            foreach (var line in lines.Split('\n')) refused = parser.Take(Encoding.ASCII.GetBytes(line.Replace("{0}", $"{i}")), default);
            return refused;
        }
        for (var i = 0; i < ConfigParser.MaxFields - 1; i++) Assert.Null(Take(i));
        Assert.Equal("at most 20000 fields and graphs", Enumerable.Range(ConfigParser.MaxFields, 3).Select(Take).FirstOrDefault(r => r is not null));
    }

    [Fact]
    public void ValuesWithoutEnd_AreRefused()
    {
        var parser = new FetchParser("p", new NamePool());
        for (var i = 0; i < FetchParser.MaxValues; i++) Assert.Null(parser.Take("a.value 1"u8, default));
        Assert.Equal("at most 100000 values", parser.Take("a.value 1"u8, default));
    }
}
