using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>BMCs that do not do as they are told; what is true afterwards is asked of them, and of libvirt, from outside.</summary>
public sealed class BmcFaultTests(LabSite lab) : LabTest(lab)
{
    private const string Limits = """
        [limits]
        idle-time = "4s"
        boot-timeout = "15s"
        """;

    protected override int Hosts => 2;

    [Fact]
    public async Task A_bmc_that_refuses_leaves_its_host_on_and_that_is_told()
    {
        await Lab.BmcAsync("h2", "refuse");
        var ticks = await GuestAsync();
        using var setup = await UlmSetup.OfAsync(Lab, "every 20s power off idle hosts\n", Limits);
        await using var server = await UlmServer.StartAsync(setup);

        await server.TellsAsync("failed", "power off host h2: the BMC of h2 at 127.0.0.1", patience: TimeSpan.FromSeconds(150));

        Assert.True(await Lab.IsOnAsync("h2"));
        Assert.True(await Lab.LibvirtAnswersAsync("h2"));
        await Lab.TicksOnAsync("web1", ticks);
        await server.StopAsync();
    }

    /// <summary>It says no, and its host goes off ten seconds later: nothing is cut, and nothing goes there any more.</summary>
    [Fact]
    public async Task A_bmc_that_obeys_late_is_waited_for()
    {
        await Lab.BmcAsync("h2", "late");
        var ticks = await GuestAsync();
        using var setup = await UlmSetup.OfAsync(Lab, "every 20s power off idle hosts\n", Limits);
        await using var server = await UlmServer.StartAsync(setup);

        await server.TellsAsync("begun", "power off host h2", patience: TimeSpan.FromSeconds(150));
        var refused = await UlmCommand.RunAsync("migrate", "web1", "h2", "--socket", setup.Socket);
        Assert.True(await Lab.IsOnAsync("h2"));   // yet
        Assert.Equal(2, refused.ExitCode);
        await server.TellsAsync("done", "power off host h2: it is off");

        // The order was taken ten seconds late: a BMC that obeys at once would prove nothing.
        var off = (await server.JournalAsync()).Where(e => e.Kind is "begun" or "ended" && e.Text.StartsWith("power off host h2", StringComparison.Ordinal)).ToList();
        Assert.True(off[^1].At - off[0].At > TimeSpan.FromSeconds(9), string.Join('\n', off));
        Assert.False(await Lab.IsOnAsync("h2"));
        Assert.False(await Lab.LibvirtAnswersAsync("h2"));
        Assert.Equal("h1", await Lab.WhereIsAsync("web1"));
        await Lab.TicksOnAsync("web1", ticks);
        await server.StopAsync();
    }

    [Fact]
    public async Task A_host_that_does_not_wake_is_left_alone_until_somebody_clears_it()
    {
        await Lab.OffAsync("h2");
        await Lab.BmcAsync("h2", "deaf");
        await GuestAsync();
        using var setup = await UlmSetup.OfAsync(Lab, "every 20s power on 1 host\n", Limits);
        await using var server = await UlmServer.StartAsync(setup);

        await server.TellsAsync("host", "h2: booting -> failed: it does not answer after", patience: TimeSpan.FromSeconds(150));
        await Lab.BmcAsync("h2", "well");
        await Task.Delay(TimeSpan.FromSeconds(25), Cancellation);
        Assert.False(await Lab.IsOnAsync("h2"));
        Assert.Single(await server.JournalAsync("begun"), e => e.Text.StartsWith("power on host h2", StringComparison.Ordinal));

        var cleared = await UlmCommand.RunAsync("power", "clear", "h2", "--socket", setup.Socket);
        Assert.Equal(0, cleared.ExitCode);
        await server.TellsAsync("done", "power on host h2: it answers after", patience: TimeSpan.FromSeconds(150));
        Assert.True(await Lab.IsOnAsync("h2"));
        Assert.True(await Lab.LibvirtAnswersAsync("h2"));
        await server.StopAsync();
    }

    private async Task<long> GuestAsync()
    {
        await Lab.VmAsync("web1", "h1", load: 0.1);
        return await Lab.TicksOnAsync("web1");
    }
}
