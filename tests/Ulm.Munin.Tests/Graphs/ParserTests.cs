using System.Text;

namespace Ulm.Munin.Tests;

public class ParserTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private static IReadOnlyList<MuninGraph> Config(string text) =>
        Run(new ConfigParser("p", new NamePool()), text).Result();

    private static IReadOnlyList<MuninValues> Fetch(string text) =>
        Run(new FetchParser("p", new NamePool()), text).Result();

    private static T Run<T>(T parser, string text) where T : IResponseParser
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Assert.Null(parser.Take(Encoding.UTF8.GetBytes(line), Now));
        return parser;
    }

    private static string? Refused(IResponseParser parser, string line) => parser.Take(Encoding.Latin1.GetBytes(line), Now);

    /// <summary>One line a value: <c>graph.field=value@epoch</c>.</summary>
    private static string Shown(IEnumerable<MuninValues> graphs) => string.Join(' ', graphs.SelectMany(g => g.Values.Select(v =>
        $"{g.Graph}.{v.Field}={v.Value?.ToString("R", null) ?? "?"}" + (v.At == g.CapturedAt ? "" : $"@{v.At.ToUnixTimeSeconds()}"))));

    [Theory]
    [InlineData("a.value 1", "p.a=1")]
    [InlineData("a.value    1.50  ", "p.a=1.5")]
    [InlineData("a.value\t-2", "p.a=-2")]
    [InlineData("a.value 1\nb.value U\nc.value", "p.a=1 p.b=? p.c=?")]
    [InlineData("a.value 1700000123:5", "p.a=5@1700000123")]
    [InlineData("a.value 1700000123:U", "p.a=?@1700000123")]
    [InlineData("a.value N:5", "p.a=5")]
    [InlineData("a.value soon:5", "p.a=?")]
    [InlineData("a.value 99999999999999999:5", "p.a=?")]
    [InlineData("a.value -5:5", "p.a=?")]
    [InlineData("a.value 1700000001:1\na.value 1700000002:2", "p.a=1@1700000001 p.a=2@1700000002")]
    [InlineData("a.value 12abc", "p.a=?")]
    [InlineData("a.value 1\na.extinfo busy: 3 of 4", "p.a=1")]
    [InlineData("multigraph g\na.value 1\nmultigraph g.sub-1\na.value 2", "g.a=1 g.sub-1.a=2")]
    [InlineData("multigraph g\nmultigraph h\na.value 2", "h.a=2")]
    public void Fetch_Reads(string text, string expected) => Assert.Equal(expected, Shown(Fetch(text)));

    [Theory]
    [InlineData("hello world")]
    [InlineData("a b.value 1")]
    [InlineData(".value 1")]
    [InlineData("a. 1")]
    [InlineData("a.value.more 1")]
    [InlineData("multigraph")]
    [InlineData("multigraph two words")]
    [InlineData("\u0000\u0001\u00ff\u00fe")]
    [InlineData("<html>")]
    [InlineData("a\u001b[31m.value 1")]
    public void Fetch_RefusesWhatIsNoValue(string line) => Assert.NotNull(Refused(new FetchParser("p", new NamePool()), line));

    [Fact]
    public void Fetch_Integer_IsExactWithin64Bits()
    {
        var values = Fetch("a.value 18446744073709551615\nb.value 36893488147419103232\nc.value 1.0").Single().Values;
        Assert.Equal([(Int128?)ulong.MaxValue, null, null], values.Select(v => v.Integer));
        Assert.Equal([18446744073709551615d, 36893488147419103232d, 1d], values.Select(v => v.Value));
    }

    [Fact]
    public void Config_ReadsGraphAndFieldAttributes()
    {
        var graph = Config("""
            graph_title CPU usage é
            graph_args --base 1000 -r --lower-limit 0 --upper-limit 200
            graph_info
            user.label user
            user.type DERIVE
            user.min 0
            user.max 10000
            user.cdef user,8,/
            user.draw AREASTACK
            user.info CPU time. Dots. And more
            idle.type counter
            idle.min U
            plain.info no label, no type
            """).Single();
        Assert.Equal(("p", "CPU usage é", ""), (graph.Name, graph.Title, graph.Attributes["graph_info"]));
        Assert.Null(graph.Values);
        Assert.Equal(["user", "idle", "plain"], graph.Fields.Select(f => f.Name));
        var user = graph.Fields[0];
        Assert.Equal(("user", MuninFieldType.Derive, 0d, 10000d, "user,8,/", "AREASTACK"),
            (user.Label, user.Type, user.Min, user.Max, user.Cdef, user.Draw));
        Assert.Equal("CPU time. Dots. And more", user.Attributes["info"]);
        Assert.Equal((MuninFieldType.Counter, (double?)null, "idle"), (graph.Fields[1].Type, graph.Fields[1].Min, graph.Fields[1].Label));
        Assert.Equal((MuninFieldType.Gauge, (double?)null), (graph.Fields[2].Type, graph.Fields[2].Max));
    }

    [Fact]
    public void Config_Multigraph_GivesOneGraphEach_AlsoWhenThePluginComesBackToOne()
    {
        var graphs = Config("multigraph g\ngraph_title G\na.label A\nmultigraph g.x\nb.label B\nmultigraph g\nc.label C");
        Assert.Equal(["g", "g.x"], graphs.Select(g => g.Name));
        Assert.Equal(["a", "c"], graphs[0].Fields.Select(f => f.Name));
    }

    [Fact]
    public void Config_Dirty_CarriesValues()
    {
        var graphs = Config("multigraph g\na.label A\na.value 1\nmultigraph h\nb.label B\nb.value 1700000123:2\nc.value 3");
        Assert.Equal("g.a=1 h.b=2@1700000123 h.c=3", Shown(graphs.Select(g => g.Values!)));
        Assert.Equal(["b", "c"], graphs[1].Fields.Select(f => f.Name)); // a field may consist of its value alone
    }

    [Theory]
    [InlineData("a.type SPEED", "GAUGE, DERIVE, COUNTER or ABSOLUTE")]
    [InlineData("a.min low", "a number or U")]
    [InlineData("a.max NaN", "a number or U")]
    [InlineData("multigraph ../etc", "'multigraph name'")]
    [InlineData("graph title", null)] // an attribute we don't know is one all the same
    [InlineData("?!", "'field.attribute text' or 'graph_attribute text'")]
    [InlineData("a.b.c text", "'field.attribute text' or 'graph_attribute text'")]
    public void Config_SaysWhatItExpected(string line, string? expected) =>
        Assert.Equal(expected, Refused(new ConfigParser("p", new NamePool()), line));

    [Fact]
    public void NamePool_GivesOneStringPerName_AndStaysBounded()
    {
        var pool = new NamePool();
        var first = pool.Get("user"u8);
        Assert.Same(first, pool.Get("user"u8));
        for (var i = 0; i < 5000; i++) pool.Get(Encoding.ASCII.GetBytes($"n{i}"));
        Assert.NotSame(first, pool.Get("user"u8)); // it was emptied on the way
    }

    [Fact]
    public void Excerpt_IsShortAndHarmless()
    {
        Assert.Equal(@"'a\x1b[31m\xff'", Excerpt.Of([(byte)'a', 0x1b, .. "[31m"u8, 0xff]));
        Assert.Equal($"'{new string('x', 60)}' (1000 bytes)", Excerpt.Of(Encoding.ASCII.GetBytes(new string('x', 1000))));
    }
}
