using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>
/// Tests of what goes wrong while a guest moves. h1 has two guests, and gives the heavy one away; its copying is bounded by libvirt's own
/// setting, so that the moment in the middle lasts some ten seconds instead of one.
/// </summary>
public abstract class MovingGuestTest(LabSite lab) : LabTest(lab)
{
    protected const string Relieve = "when host.cpu > 43% for 4s then evacuate heaviest fitting vm";

    /// <summary>Two guests on h1, of which neither loads it above the mark yet.</summary>
    protected async Task LoadedHostAsync()
    {
        await Lab.VmAsync("light", "h1", load: 0.25);   // well below the heavy one, also on a machine that gives neither what it wants
        await Lab.VmAsync("heavy", "h1", load: 0.1);
        await Lab.TicksOnAsync("light");
        await Lab.TicksOnAsync("heavy");
        await Lab.MigrationSpeedAsync("heavy", "h1", 1);
    }

    /// <summary>Waits until libvirt copies the guest; gives where to, and what it last said.</summary>
    protected async Task<(string Target, long Ticks)> MovingAsync(UlmServer server)
    {
        await Lab.LoadAsync("heavy", 0.38);
        var begun = await server.TellsAsync("begun", "migrate vm heavy from h1 to h");
        await Poll.UntilAsync("libvirt copies the guest", async () =>
            (await Lab.VirshAsync("h1", "domjobinfo", "heavy")).Contains("Memory processed", StringComparison.Ordinal));
        Assert.Empty(Ends(server));
        return (begun.Text.Split(' ')[6], await Lab.TicksAsync("heavy"));
    }

    protected static IEnumerable<ScreenLine> Ends(UlmServer server) =>
        server.Lines.Where(l => l.Label is "done" or "failed" or "in doubt" && l.Text.StartsWith("migrate vm heavy", StringComparison.Ordinal));

    /// <summary>Waits until the step that moves the heavy guest has ended, however it did.</summary>
    protected static async Task<ScreenLine> EndAsync(UlmServer server) =>
        await Poll.ForAsync("the step's end", () => Task.FromResult(Ends(server).FirstOrDefault()), TimeSpan.FromSeconds(120));

    /// <summary>That host knows the guest and no other one that answers does, not even stopped or half arrived.</summary>
    protected Task KnownOnlyAtAsync(string guest, string host) => Poll.UntilAsync($"{guest} is known at {host} only", async () =>
    {
        foreach (var other in Lab.Hosts)
        {
            if (other != host && !await Lab.LibvirtAnswersAsync(other)) continue;
            var known = (await Lab.VirshAsync(other, "list", "--all", "--name")).Split('\n').Contains(guest);
            if (known != (other == host)) return false;
        }

        return true;
    });

    /// <summary>It runs on that host, and no other one that answers knows of it.</summary>
    protected async Task RunsOnceAsync(string guest, string host, long since = 0)
    {
        await KnownOnlyAtAsync(guest, host);
        await Poll.UntilAsync($"{guest} runs on {host}", async () => await Lab.WhereIsAsync(guest) == host);
        await Lab.TicksOnAsync(guest, since);
    }
}
