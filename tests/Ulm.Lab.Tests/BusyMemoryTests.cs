using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>A guest that writes over its memory faster than the link takes it away can't be moved by copying alone.</summary>
public sealed class BusyMemoryTests(LabSite lab) : MovingGuestTest(lab)
{
    [Fact]
    public async Task A_guest_that_dirties_memory_faster_than_it_is_copied_stays_and_goes_once_it_is_calmer()
    {
        await Lab.VmAsync("busy", "h1", load: 0.1);
        await Lab.TicksOnAsync("busy");
        await Lab.DirtyAsync("busy", 40);
        await Lab.MigrationSpeedAsync("busy", "h1", 8);
        using var setup = await UlmSetup.OfAsync(Lab, "always keep 1 hosts on", """
            [limits]
            migration-timeout = "30s"
            """);
        await using var server = await UlmServer.StartAsync(setup);
        await server.PollsAsync(3);
        var ticks = await Lab.TicksAsync("busy");

        var tried = await MigrateAsync(setup);
        Assert.Equal(2, tried.ExitCode);
        var end = Assert.Single(server.Lines, l => l.Label == "failed");
        Assert.StartsWith("migrate vm busy from h1 to h2: ", end.Text);
        Assert.Contains("it still runs on h1", end.Text);
        await RunsOnceAsync("busy", "h1", ticks);

        // It is left alone for a minute first, which an order says too.
        await Lab.DirtyAsync("busy", 0);
        await Lab.MigrationSpeedAsync("busy", "h1", 1000);
        Assert.Equal(2, (await MigrateAsync(setup)).ExitCode);
        await Poll.UntilAsync("it may be moved again", async () => (await MigrateAsync(setup)).ExitCode == 0, TimeSpan.FromMinutes(3));
        await RunsOnceAsync("busy", "h2");
        await server.StopAsync();
    }

    private static Task<UlmAnswer> MigrateAsync(UlmSetup setup) => UlmCommand.RunAsync("migrate", "busy", "h2", "--socket", setup.Socket);
}
