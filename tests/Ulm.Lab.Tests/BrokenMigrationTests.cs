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
        await Poll.UntilAsync("the step's end", () => Task.FromResult(Ends(server).Any()), TimeSpan.FromSeconds(90));
        var end = Assert.Single(Ends(server));
        Assert.True(end.Label is "failed" or "in doubt", end.Whole);
        Assert.StartsWith($"migrate vm heavy from h1 to {target}: ", end.Text);
        await server.TellsAsync("fault", $"host {broken} is unreachable");

        await Lab.StartLibvirtdAsync(broken);
        await RunsOnceAsync("heavy", "h1", ticks);
        await server.TellsAsync("fault", $"{broken} libvirt: answers again");

        // That guest is left alone for a minute; h1 is above the mark, so the other one goes.
        await server.TellsAsync("done", "migrate vm light from h1", patience: TimeSpan.FromSeconds(90));
        await RunsOnceAsync("light", (await Lab.WhereIsAsync("light"))!);
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
