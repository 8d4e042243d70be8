using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>Where no rule says so, nothing is touched.</summary>
public sealed class StillnessTests(LabSite lab) : LabTest(lab)
{
    [Fact]
    public async Task Below_the_mark_and_before_its_time_nothing_moves()
    {
        await Lab.VmAsync("web1", "h1", load: 0.3);
        await Lab.VmAsync("web2", "h2", load: 0.1);
        await Lab.TicksOnAsync("web1");   // it has booted, which takes all it can have
        await Lab.TicksOnAsync("web2");
        var tomorrow = DateTimeOffset.UtcNow.AddHours(12);
        using var setup = await UlmSetup.OfAsync(Lab, $"""
            timezone "UTC"
            when host.cpu > 75% for 4s then evacuate heaviest fitting vm
            at {tomorrow:HH:mm} consolidate and power off idle hosts
            always keep 1 hosts on
            """);

        await using var server = await UlmServer.StartAsync(setup);
        await server.PollsAsync(6);

        Assert.Contains(server.Lines, l => l.CpuOf("h1") > 5);   // it did measure
        Assert.Empty(await server.JournalAsync("begun"));
        Assert.Empty(await server.JournalAsync("decision"));
        Assert.Equal("h1", await Lab.WhereIsAsync("web1"));
        Assert.Equal("h2", await Lab.WhereIsAsync("web2"));
        Assert.True(await Lab.IsOnAsync("h3"));
        await server.StopAsync();
    }
}
