using Ulm.Munin;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

public class MuninReadingsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // The fields of munin's cpu plugin are per cent of one CPU and add up to 100 times their number.
    [InlineData("user=60 system=20 nice=0 idle=120 iowait=0", 40)]
    [InlineData("user=0 system=0 nice=0 idle=400 iowait=0", 0)]
    [InlineData("user=100 system=60 nice=20 irq=5 softirq=10 steal=5 idle=0 iowait=0", 100)]
    [InlineData("user=50 system=0 nice=0 idle=25 iowait=25", 50)]
    [InlineData("user=50 system=10 nice=0 idle=40 iowait=0 guest=50", 60)]
    public void Cpu_is_the_share_that_is_neither_idle_nor_waiting(string fields, double expected) =>
        Assert.Equal(expected, Value("host.cpu", "cpu", fields));

    [Theory]
    [InlineData("user=60 system=20")]
    [InlineData("user=0 system=0 idle=0")]
    [InlineData("user=U system=U idle=U")]
    [InlineData("user=60 idle=120")]
    [InlineData("system=60 idle=120")]
    [InlineData("user=U system=20 idle=120")]
    [InlineData("user=60 system=20 idle=120 steal=U")]
    [InlineData("user=60 system=20 idle=120 iowait=U")]
    public void Cpu_is_not_guessed_from_half_the_fields(string fields) => Assert.Null(Value("host.cpu", "cpu", fields));

    [Theory]
    [InlineData("free=200 cached=80")]
    [InlineData("apps=600")]
    [InlineData("apps=600 free=200 slab=U")]
    [InlineData("apps=600 free=200 cached=U")]
    public void Memory_is_not_guessed_from_half_the_fields(string fields) => Assert.Null(Value("host.memory", "memory", fields));

    [Theory]
    [InlineData("apps=600 page_tables=50 slab=50 free=200 cached=80 buffers=20 swap_cache=0", 70)]
    [InlineData("apps=0 free=1000 cached=0 buffers=0", 0)]
    public void Memory_is_what_is_neither_free_nor_given_back_on_demand(string fields, double expected) =>
        Assert.Equal(expected, Value("host.memory", "memory", fields));

    [Fact]
    public void Load_is_divided_by_the_processors() => Assert.Equal(1.5, Value("host.load", "load", "load=12", cpus: 8));

    private static double? Value(string attribute, string plugin, string fields, int cpus = 4)
    {
        var readings = fields.Split(' ').Select(f => f.Split('=')).ToDictionary(
            f => $"{plugin}.{f[0]}",
            f => f[1] == "U" ? new MuninReading(null, Noon, "U") : new MuninReading(double.Parse(f[1]), Noon, null));
        var poll = new MuninPoll(Noon, readings, new Dictionary<string, MuninException>());
        var found = MuninReadings.Of("h1", cpus, poll).Where(m => m.Attribute.Name == attribute).ToList();
        return found.Count == 0 ? null : found[0].Value;
    }
}
