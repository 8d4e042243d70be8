using Ulm.Engine.Inventory;

namespace Ulm.Engine.Tests.Loop;

public class BootTimesTests
{
    private static readonly Host Host = Some.Host("h1", HostState.Off) with { BootTime = TimeSpan.FromSeconds(77) };

    [Fact]
    public void Until_a_boot_was_seen_the_configured_time_counts() => Assert.Equal(77, Learned("h2", 10).Of(Host).TotalSeconds);

    [Theory]
    [InlineData(new double[] { 100 }, 100)]
    [InlineData(new double[] { 100, 300, 200 }, 300)]
    [InlineData(new double[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 999 }, 19)]
    public void Then_what_95_of_100_boots_did_not_exceed(double[] seconds, double expected) => Assert.Equal(expected, Learned("h1", seconds).Of(Host).TotalSeconds);

    [Fact]
    public void What_was_measured_long_ago_is_forgotten() =>
        Assert.Equal(50, Learned("h1", [.. Enumerable.Repeat(900.0, 30), .. Enumerable.Repeat(50.0, BootTimes.KeptPerHost)]).Of(Host).TotalSeconds);

    [Fact]
    public void What_ended_before_it_began_is_no_boot() => Assert.Equal(100, Learned("h1", 100, -1800).Of(Host).TotalSeconds);

    private static BootTimes Learned(string host, params double[] seconds)
    {
        var times = new BootTimes();
        foreach (var s in seconds) times.Learn(new Boot(host, TimeSpan.FromSeconds(s)));
        return times;
    }
}
