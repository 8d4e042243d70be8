using System.Globalization;
using Ulm.Lab.Tests.Lab;

namespace Ulm.Lab.Tests;

/// <summary>What every other test on the lab rests on.</summary>
public sealed class LabItselfTests(LabSite lab) : LabTest(lab)
{
    protected override int Hosts => 2;

    [Fact]
    public async Task A_guest_ticks_on_through_a_live_migration()
    {
        await Lab.VmAsync("web1", "h1", load: 0.2);
        Assert.Equal(["web1"], await Lab.RunningGuestsAsync("h1"));
        var before = await Lab.TicksOnAsync("web1");

        await Lab.MigrateAsync("web1", "h1", "h2");

        Assert.Equal("h2", await Lab.WhereIsAsync("web1"));
        Assert.Empty(await Lab.RunningGuestsAsync("h1"));
        await Lab.TicksOnAsync("web1", since: before);
    }

    [Fact]
    public async Task The_BMC_ends_a_host_and_brings_it_back_empty()
    {
        await Lab.VmAsync("web1", "h2");

        await Lab.IpmiAsync("h2", "off");
        await Poll.UntilAsync("h2 is off", async () => !await Lab.IsOnAsync("h2"));
        Assert.False(await Lab.LibvirtAnswersAsync("h2"));
        Assert.Null(await Lab.WhereIsAsync("web1"));

        await Lab.IpmiAsync("h2", "on");
        await Poll.UntilAsync("h2's libvirt answers", () => Lab.LibvirtAnswersAsync("h2"));
        Assert.True(await Lab.IsOnAsync("h2"));
        Assert.Empty(await Lab.RunningGuestsAsync("h2"));
        Assert.Equal("web1", await Lab.VirshAsync("h2", "list", "--all", "--name"));
    }

    [Fact]
    public async Task Munin_shows_what_a_guest_uses_at_its_host_only()
    {
        await Lab.VmAsync("web1", "h1", load: 0.5);
        var tick = await Lab.TicksOnAsync("web1");   // its boot is over, which uses all it can have

        // A busy machine may not give a guest the half CPU it wants, so munin is held against what libvirt saw, just within and just around it.
        var h2Before = await MuninNode.FetchAsync("h2", "cpu", Cancellation);
        var outerStart = await CpuSecondsAsync("web1", "h1");
        var start = await MuninNode.FetchAsync("h1", "cpu", Cancellation);
        var innerStart = await CpuSecondsAsync("web1", "h1");
        await Lab.TicksOnAsync("web1", since: tick + 3);
        var innerEnd = await CpuSecondsAsync("web1", "h1");
        var end = await MuninNode.FetchAsync("h1", "cpu", Cancellation);
        var outerEnd = await CpuSecondsAsync("web1", "h1");

        const double Slack = 0.05;   // both count in hundredths
        Assert.InRange((end["user"] - start["user"]) / 100, innerEnd - innerStart - Slack, outerEnd - outerStart + Slack);
        Assert.True(innerEnd > innerStart);
        Assert.Equal(0, (await MuninNode.FetchAsync("h2", "cpu", Cancellation))["user"] - h2Before["user"]);
    }

    private async Task<double> CpuSecondsAsync(string guest, string host)
    {
        var stats = await Lab.VirshAsync(host, "domstats", "--cpu-total", guest);
        var line = stats.Split('\n', StringSplitOptions.TrimEntries).Single(l => l.StartsWith("cpu.time=", StringComparison.Ordinal));
        return double.Parse(line["cpu.time=".Length..], CultureInfo.InvariantCulture) / 1e9;
    }

    [Fact]
    public async Task A_killed_libvirtd_leaves_its_guest_running_and_finds_it_again()
    {
        await Lab.VmAsync("web1", "h1");
        var before = await Lab.TicksOnAsync("web1");

        await Lab.KillLibvirtdAsync("h1");
        Assert.False(await Lab.LibvirtAnswersAsync("h1"));
        await Lab.StartLibvirtdAsync("h1");

        Assert.Equal("h1", await Lab.WhereIsAsync("web1"));
        await Lab.TicksOnAsync("web1", since: before);
    }
}
