using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>
/// A host whose plug is pulled, or whose cable, while a guest moves from it or to it. What ran on a host that crashed is gone with it and is
/// never started elsewhere by guesswork; what ran elsewhere ticks on; nothing runs twice, also after the host came back.
/// </summary>
public sealed class CrashedHostTests(LabSite lab) : MovingGuestTest(lab)
{
    [Fact]
    public async Task When_the_target_crashes_the_guest_stays_and_goes_elsewhere_later()
    {
        await LoadedHostAsync();
        using var setup = await UlmSetup.OfAsync(Lab, Relieve);
        await using var server = await UlmServer.StartAsync(setup);
        var (target, ticks) = await MovingAsync(server);

        await Lab.CrashAsync(target);
        var end = await EndAsync(server);
        Assert.True(end.Label is "failed" or "in doubt", end.Whole);
        await Lab.TicksOnAsync("heavy", ticks);
        Assert.Equal("h1", await Lab.WhereIsAsync("heavy"));
        await server.TellsAsync("fault", $"host {target} went off though ULM did not tell it to");

        // h1 is above the mark all the time. There is one host left that can take a guest.
        var other = Lab.Hosts.Single(h => h != "h1" && h != target);
        await Lab.MigrationSpeedAsync("heavy", "h1", 1000);
        var moved = (await server.TellsAsync("done", "migrate vm ", patience: TimeSpan.FromSeconds(90))).Text.Split(' ');
        Assert.Equal(other, moved[6].TrimEnd(':'));
        await RunsOnceAsync(moved[2], other);

        // It comes back with nothing of what was on its way to it.
        await Lab.OnAsync(target);
        await server.TellsAsync("fault", $"{target}: answers again");
        await RunsOnceAsync("heavy", (await Lab.WhereIsAsync("heavy"))!, ticks);
        await RunsOnceAsync("light", (await Lab.WhereIsAsync("light"))!);
        await server.StopAsync();
    }

    [Fact]
    public async Task When_the_source_crashes_nothing_is_started_by_guesswork_and_its_end_is_in_doubt()
    {
        await Lab.VmAsync("elsewhere", "h2", load: 0.1);
        await LoadedHostAsync();
        using var setup = await UlmSetup.OfAsync(Lab, Relieve);
        await using var server = await UlmServer.StartAsync(setup);
        await MovingAsync(server);

        await Lab.CrashAsync("h1");
        var end = await EndAsync(server);
        Assert.True(end.Label is "failed" or "in doubt", end.Whole);
        var outage = await server.TellsAsync("fault", "host h1 went off though ULM did not tell it to");
        Assert.Contains("heavy, light", outage.Text);
        await server.PollsAsync(4);
        Assert.Null(await Lab.WhereIsAsync("heavy"));
        Assert.Null(await Lab.WhereIsAsync("light"));
        await RunsOnceAsync("elsewhere", "h2");
        Assert.Single(await server.JournalAsync("begun"));   // of what is not known nothing more is done

        // Back, it knows both guests, and both are shut off: starting them is not ULM's to decide.
        await Lab.OnAsync("h1");
        await server.TellsAsync("fault", "h1: answers again");
        await server.PollsAsync(4);
        Assert.Empty(await Lab.RunningGuestsAsync("h1"));
        foreach (var guest in new[] { "heavy", "light" })
        {
            Assert.Null(await Lab.WhereIsAsync(guest));
            await KnownOnlyAtAsync(guest, "h1");
        }

        Assert.Single(await server.JournalAsync("begun"));
        await server.StopAsync();
    }

    [Theory]
    [InlineData("source")]
    [InlineData("target")]
    public async Task When_the_cable_is_pulled_the_guest_runs_on_where_it_was(string side)
    {
        await LoadedHostAsync();
        using var setup = await UlmSetup.OfAsync(Lab, $"{Relieve}\nlimit migrations to 1 per host");
        await using var server = await UlmServer.StartAsync(setup);
        var (target, ticks) = await MovingAsync(server);

        var cut = side == "source" ? "h1" : target;
        await Lab.CutAsync(cut);
        await server.TellsAsync("fault", $"host {cut} is unreachable", patience: TimeSpan.FromSeconds(90));
        if (side == "target") Assert.True(await SourceAsked.IsMovingOffAsync(setup, "heavy", "h1"));   // libvirt gives up half a minute later
        var end = await EndAsync(server);
        Assert.True(end.Label is "failed" or "in doubt", end.Whole);
        if (side == "target")
        {
            await Lab.TicksOnAsync("heavy", await Lab.TicksAsync("heavy"));
            Assert.Equal("h1", await Lab.WhereIsAsync("heavy"));

            // The target is still silent. That its source copies nothing any more is enough to let another guest go from there.
            Assert.Equal("in doubt", end.Label);
            Assert.False(await SourceAsked.IsMovingOffAsync(setup, "heavy", "h1"));
            await server.TellsAsync("done", "migrate vm light from h1");
            Assert.False(await Lab.LibvirtAnswersAsync(cut));
        }
        else
        {
            // Only the source knows that it runs there. Nowhere else is anything of it, and nothing is done on a guess.
            Assert.Null(await Lab.WhereIsAsync("heavy"));
            Assert.Single(await server.JournalAsync("begun"));
        }

        await Lab.JoinAsync(cut);
        await server.TellsAsync("fault", $"{cut} libvirt: answers again", patience: TimeSpan.FromSeconds(90));
        await RunsOnceAsync("heavy", (await Lab.WhereIsAsync("heavy"))!, ticks);   // a guest that was started anew would count from nothing
        await RunsOnceAsync("light", (await Lab.WhereIsAsync("light"))!);
        await server.StopAsync();
    }
}
