using Ulm.Engine.Actions;
using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>
/// A guest of which something goes while it moves: it runs exactly once afterwards, and ULM says what it found. The guests' copying is bounded
/// by libvirt's own setting, so that the moment in the middle lasts some ten seconds instead of one.
/// </summary>
public sealed class BrokenMigrationTests(LabSite lab) : MovingGuestTest(lab)
{
    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task When_libvirtd_goes_the_step_ends_with_what_is_known_and_ulm_goes_on(string side)
    {
        await LoadedHostAsync();
        using var setup = await UlmSetup.OfAsync(Lab, Relieve);
        await using var server = await UlmServer.StartAsync(setup);
        var (target, ticks) = await MovingAsync(server);

        var broken = side == "source" ? "h1" : target;
        await Lab.KillLibvirtdAsync(broken);
        if (side == "source") await Assert.ThrowsAsync<ActionFailedException>(() => SourceAsked.IsMovingOffAsync(setup, "heavy", "h1"));   // no answer is not a no
        await Poll.UntilAsync("the step's end", () => Task.FromResult(Ends(server).Any()), TimeSpan.FromSeconds(90));
        var end = Assert.Single(Ends(server));
        Assert.True(end.Label is "failed" or "in doubt", end.Whole);
        Assert.StartsWith($"migrate vm heavy from h1 to {target}: ", end.Text);
        await server.TellsAsync("fault", $"host {broken} is unreachable");

        await Lab.StartLibvirtdAsync(broken);
        await RunsOnceAsync("heavy", "h1", ticks);
        Assert.False(await SourceAsked.IsMovingOffAsync(setup, "heavy", "h1"));
        await server.TellsAsync("fault", $"{broken} libvirt: answers again");

        // That guest is left alone for a minute; h1 is above the mark, so the other one goes.
        await server.TellsAsync("done", "migrate vm light from h1", patience: TimeSpan.FromSeconds(90));
        await RunsOnceAsync("light", (await Lab.WhereIsAsync("light"))!);
        await server.StopAsync();
    }

    [Fact]
    public async Task What_its_target_is_to_blame_for_is_tried_on_a_third_host()
    {
        await Lab.VmAsync("heavy", "h1", load: 0.1);
        var ticks = await Lab.TicksOnAsync("heavy");
        using var setup = await UlmSetup.OfAsync(Lab, "always keep 1 hosts on");
        await using var server = await UlmServer.StartAsync(setup);
        await server.PollsAsync(2);

        // The server reaches every host; only the way that the guest would take is shut.
        await Lab.PartAsync("h1", "h2");
        await DrainAsync("h1");
        var failed = Assert.Single(server.Lines, l => l.Label == "failed");
        Assert.StartsWith("migrate vm heavy from h1 to h2: unable to connect to server at '10.77.0.12:16509': No route to host", failed.Text);
        Assert.EndsWith("it still runs on h1; tried next on h3", failed.Text);
        await server.TellsAsync("done", "migrate vm heavy from h1 to h3: runs on h3");
        await RunsOnceAsync("heavy", "h3", ticks);

        // The target is reached, and has no memory for it.
        Assert.Equal(0, (await UlmCommand.RunAsync("release", "h1", "--socket", setup.Socket)).ExitCode);
        await Lab.JoinAsync("h1");
        await Lab.StarveAsync("h1");
        ticks = await Lab.TicksOnAsync("heavy");
        await DrainAsync("h3");
        failed = Assert.Single(server.Lines, l => l.Label == "failed" && l.Text.StartsWith("migrate vm heavy from h3 to h1: ", StringComparison.Ordinal));
        Assert.Contains("Cannot allocate memory", failed.Text);
        Assert.EndsWith("it still runs on h3; tried next on h2", failed.Text);
        await server.TellsAsync("done", "migrate vm heavy from h3 to h2: runs on h2");
        await RunsOnceAsync("heavy", "h2", ticks);
        Assert.Equal(4, (await server.JournalAsync("begun")).Count(e => e.Text.StartsWith("migrate vm heavy", StringComparison.Ordinal)));
        await server.StopAsync();

        async Task DrainAsync(string host)
        {
            var drained = await UlmCommand.RunAsync("drain", host, "--socket", setup.Socket);
            Assert.True(drained.ExitCode == 0, $"{drained.Output}\n{drained.Error}");
        }
    }

    [Fact]
    public async Task While_a_migration_waits_at_a_firewall_its_source_is_polled_as_always()
    {
        await Lab.VmAsync("heavy", "h1", load: 0.1);
        var ticks = await Lab.TicksOnAsync("heavy");
        using var setup = await UlmSetup.OfAsync(Lab, "always keep 1 hosts on");
        await using var server = await UlmServer.StartAsync(setup);
        await server.PollsAsync(2);
        await Lab.ShutAsync("h2");

        // libvirt answers what is asked about the job half a minute later, and what is asked behind that on the same connection later still.
        var moved = UlmCommand.RunAsync("migrate", "heavy", "h2", "--socket", setup.Socket);
        await server.TellsAsync("begun", "migrate vm heavy from h1 to h2");
        var asked = SourceAsked.IsMovingOffAsync(setup, "heavy", "h1");
        await server.PollsAsync(5);
        Assert.Equal(0, server.Count("fault"));

        await Lab.JoinAsync("h2");
        Assert.True(await asked);
        Assert.Equal(0, (await moved).ExitCode);
        await RunsOnceAsync("heavy", "h2", ticks);
        await server.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_killed_in_the_middle_finds_out_when_started_again(bool migrationGoesOn)
    {
        await LoadedHostAsync();
        using var setup = await UlmSetup.OfAsync(Lab, Relieve);
        await using var killed = await UlmServer.StartAsync(setup);
        var (target, ticks) = await MovingAsync(killed);
        await killed.KillAsync();
        Assert.True(await SourceAsked.IsMovingOffAsync(setup, "heavy", "h1"));
        Assert.False(await SourceAsked.IsMovingOffAsync(setup, "light", "h1"));
        Assert.False(await SourceAsked.IsMovingOffAsync(setup, "heavy", target));   // there it comes in

        // libvirt does not need ULM to go on with what it began.
        if (migrationGoesOn)
        {
            await Lab.MigrationSpeedAsync("heavy", "h1", 1000);
            await Poll.UntilAsync("libvirt has moved the guest", async () => await Lab.WhereIsAsync("heavy") == target);
        }
        else
        {
            await Lab.VirshAsync("h1", "domjobabort", "heavy");
            await Poll.UntilAsync("the job is over", async () => (await Lab.VirshAsync("h1", "domjobinfo", "heavy")).Contains("None", StringComparison.Ordinal));
            await Lab.MigrationSpeedAsync("heavy", "h1", 1000);
        }

        Assert.False(await SourceAsked.IsMovingOffAsync(setup, "heavy", "h1"));
        Assert.False(await SourceAsked.IsMovingOffAsync(setup, "heavy", target));

        await using var server = await UlmServer.StartAsync(setup);
        var found = await server.TellsAsync("abandoned", $"left unfinished by the last run: migrate vm heavy from h1 to {target}");
        Assert.EndsWith($"now vm heavy runs on {(migrationGoesOn ? target : "h1")}", found.Text);
        if (!migrationGoesOn) await server.TellsAsync("done", "migrate vm heavy from h1");   // the mark is still passed: it is tried anew
        else await server.PollsAsync(4);
        await RunsOnceAsync("heavy", (await Lab.WhereIsAsync("heavy"))!, ticks);
        Assert.Equal(["light"], await Lab.RunningGuestsAsync("h1"));
        Assert.Equal(migrationGoesOn ? 1 : 2, (await server.JournalAsync("begun")).Count);
        await server.StopAsync();
    }
}
