using System.Globalization;
using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>Somebody starts a guest by hand, with virsh, on a host that ULM is about to power off.</summary>
public sealed class StrangerTests(LabSite lab) : LabTest(lab)
{
    [Fact]
    public async Task A_guest_started_by_hand_on_a_host_that_was_emptied_keeps_it_on()
    {
        await Lab.VmAsync("web1", "h1", load: 0.1);
        await Lab.VmAsync("web2", "h2", load: 0.1);
        await Lab.TicksOnAsync("web1");
        await Lab.TicksOnAsync("web2");
        var at = DateTimeOffset.UtcNow.AddSeconds(70);
        using var setup = await UlmSetup.OfAsync(
            Lab, string.Create(CultureInfo.InvariantCulture, $"at {at:HH:mm} consolidate and power off idle hosts\nalways keep 1 hosts on"), """
            [limits]
            idle-time = "20s"

            [site]
            timezone = "UTC"
            """);
        await using var server = await UlmServer.StartAsync(setup);

        var moved = (await server.TellsAsync("done", "migrate vm web", patience: TimeSpan.FromSeconds(120))).Text.Split(' ');
        var emptied = moved[4];
        await Lab.VmAsync("stranger", emptied, load: 0.1);
        var ticks = await Lab.TicksOnAsync("stranger");

        var refused = await server.TellsAsync("refused", $"power off host {emptied}", patience: TimeSpan.FromSeconds(120));
        Assert.Contains("stranger", refused.Text);
        Assert.True(await Lab.IsOnAsync(emptied));
        await Lab.TicksOnAsync("stranger", ticks);
        Assert.Equal(emptied, await Lab.WhereIsAsync("stranger"));
        Assert.DoesNotContain(await server.JournalAsync("begun"), e => e.Text.StartsWith($"power off host {emptied}", StringComparison.Ordinal));
        await server.StopAsync();
    }
}
