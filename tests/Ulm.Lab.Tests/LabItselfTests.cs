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
    public async Task Munin_shows_a_guests_load_at_its_host_only()
    {
        await Lab.VmAsync("web1", "h1", load: 0.5);
        await Lab.TicksOnAsync("web1");   // its boot is over, which burns all it can have

        // A busy machine may hold a guest back for a while; the figure is right when it gets its share.
        await Poll.UntilAsync("munin shows about 50 % at h1", async () =>
            await MuninNode.CpuPercentAsync("h1", TimeSpan.FromSeconds(3), Cancellation) is > 40 and < 60);
        Assert.InRange(await MuninNode.CpuPercentAsync("h2", TimeSpan.FromSeconds(1), Cancellation), 0, 1);
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
