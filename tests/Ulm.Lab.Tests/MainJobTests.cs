using System.Globalization;
using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>What ULM is for, in the form of the two sentences it began with, with all of it real: munin, libvirt, live migration, IPMI.</summary>
public sealed class MainJobTests(LabSite lab) : LabTest(lab)
{
    [Fact]
    public async Task A_host_above_the_mark_for_long_enough_gives_its_heaviest_guest_away_and_then_all_is_still()
    {
        await Lab.VmAsync("light", "h1", load: 0.1);
        await Lab.VmAsync("heavy", "h1", load: 0.1);
        var ticks = await Lab.TicksOnAsync("heavy");
        await Lab.TicksOnAsync("light");
        using var setup = await UlmSetup.OfAsync(Lab, "when host.cpu > 43% for 6s then evacuate heaviest fitting vm");
        await using var server = await UlmServer.StartAsync(setup);
        await server.PollsAsync(3);
        Assert.Equal(0, server.Count("pending"));   // while h1 is below the mark

        await Lab.LoadAsync("light", 0.3);
        await Lab.LoadAsync("heavy", 0.38);
        await server.TellsAsync("pending", "on host/h1, fires if it holds for 6s");
        await server.TellsAsync("done", "migrate vm heavy from h1");

        // The migration is real, and the guest does not notice.
        var target = await Lab.WhereIsAsync("heavy");
        Assert.NotNull(target);
        Assert.NotEqual("h1", target);
        Assert.Equal(["light"], await Lab.RunningGuestsAsync("h1"));
        await Lab.TicksOnAsync("heavy", since: ticks);

        // In this order: munin's figure above the mark, pending, firing.
        var lines = server.Lines.ToList();
        var pending = lines.FindIndex(l => l.Label == "pending");
        Assert.True(lines.FindIndex(l => l.CpuOf("h1") > 43) < pending);
        Assert.True(pending < lines.FindIndex(l => l.Label == "firing"));

        // Once: after the move nobody is above the mark, and nothing else is done.
        await server.PollsAsync(5);
        Assert.Equal([$"migrate vm heavy from h1 to {target}"], (await server.JournalAsync("begun")).Select(e => e.Text.Split(" (")[0]));
        Assert.Single(await server.JournalAsync("rule"), e => e.Outcome == "firing");
        Assert.Equal(target, await Lab.WhereIsAsync("heavy"));
        Assert.Equal("h1", await Lab.WhereIsAsync("light"));
        await server.StopAsync();
    }

    [Fact]
    public async Task At_the_set_time_guests_move_together_and_emptied_hosts_are_powered_off_and_come_back_when_needed()
    {
        await Lab.VmAsync("web1", "h1", load: 0.1);
        await Lab.VmAsync("web2", "h2", load: 0.1);
        using var setup = await UlmSetup.OfAsync(Lab, $"{Evening()} consolidate and power off idle hosts\nalways keep 1 hosts on", """
            [limits]
            idle-time = "4s"

            [site]
            timezone = "Asia/Kolkata"
            """);
        await using var server = await UlmServer.StartAsync(setup);
        var ticks = new Dictionary<string, long> { ["web1"] = await Lab.TicksOnAsync("web1"), ["web2"] = await Lab.TicksOnAsync("web2") };

        await Poll.UntilAsync("two power-offs", () => Task.FromResult(server.Count("done", "power off host") == 2), TimeSpan.FromSeconds(150));

        // One host is left, with both guests; the other two are off by what their BMCs say, and their libvirt is gone.
        var home = await Lab.WhereIsAsync("web1");
        Assert.NotNull(home);
        Assert.Equal(["web1", "web2"], (await Lab.RunningGuestsAsync(home)).Order());
        foreach (var (guest, since) in ticks) await Lab.TicksOnAsync(guest, since);
        foreach (var host in Lab.Hosts)
        {
            Assert.Equal(host == home, await Lab.IsOnAsync(host));
            Assert.Equal(host == home, await Lab.LibvirtAnswersAsync(host));
        }

        // A host that was powered off is off, which is no fault.
        await server.PollsAsync(2);
        var status = await server.StatusAsync();
        Assert.All(status.Hosts, h => Assert.Equal(h.Name == home ? "on" : "off", h.State));
        Assert.DoesNotContain(status.Faults, f => f.Contains("libvirt", StringComparison.Ordinal));

        setup.WritePolicies("wake-up.ulm", "policy wake-up when host.cpu > 40% for 4s then power on 1 host");
        await server.TellsAsync("policies", "reloaded");
        await Lab.LoadAsync("web1", 0.4);
        await Lab.LoadAsync("web2", 0.4);
        var woken = (await server.TellsAsync("done", "power on host")).Text.Split(' ')[3].TrimEnd(':');
        Assert.True(await Lab.IsOnAsync(woken));
        Assert.True(await Lab.LibvirtAnswersAsync(woken));
        Assert.Equal(2, (await server.JournalAsync("begun")).Count(e => e.Text.StartsWith("power off", StringComparison.Ordinal)));
        await server.StopAsync();
    }

    /// <summary>The next full minute that leaves the server time to start, as a schedule of this kind of day in the site's zone.</summary>
    private static string Evening()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");
        var at = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddSeconds(80), zone);
        var days = at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? "weekends" : "weekdays";
        return string.Create(CultureInfo.InvariantCulture, $"at {at:HH:mm} {days}");
    }
}
