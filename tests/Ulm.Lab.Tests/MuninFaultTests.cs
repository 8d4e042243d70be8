using Ulm.Lab.Tests.Lab;
using Ulm.Lab.Tests.Server;

namespace Ulm.Lab.Tests;

/// <summary>What is not measured is not acted on, and keeps nobody waiting.</summary>
public sealed class MuninFaultTests(LabSite lab) : LabTest(lab)
{
    [Fact]
    public async Task A_host_whose_munin_hangs_or_is_dead_is_left_alone_until_it_answers_and_holds_nobody_up()
    {
        await Lab.VmAsync("light", "h1", load: 0.1);
        await Lab.VmAsync("heavy", "h1", load: 0.1);
        await Lab.VmAsync("alone", "h3", load: 0.1);
        await Lab.TicksOnAsync("heavy");
        await Lab.TicksOnAsync("alone");
        using var setup = await UlmSetup.OfAsync(Lab, "when host.cpu > 43% for 4s then evacuate heaviest fitting vm");
        await using var server = await UlmServer.StartAsync(setup);
        await server.PollsAsync(3);

        await Lab.HangMuninAsync("h1");
        await Lab.KillMuninAsync("h3");
        await server.TellsAsync("fault", "h1 munin: ");
        await server.TellsAsync("fault", "h3 munin: ");
        await Lab.LoadAsync("light", 0.2);
        await Lab.LoadAsync("heavy", 0.33);
        await Lab.LoadAsync("alone", 0.6);

        // Ten seconds of polls. One that waited for a munin-node that hangs would take six for each.
        var told = server.Lines.Count;
        var start = TimeProvider.System.GetTimestamp();
        await server.PollsAsync(5);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(20));
        Assert.All(server.Lines.Skip(told).Where(l => l.Label == "cpu"), l => Assert.NotNull(l.CpuOf("h2")));

        // Said once, and nothing done, however loaded the two are.
        Assert.Null(server.Lines.Last(l => l.Label == "cpu").CpuOf("h1"));
        Assert.Null(server.Lines.Last(l => l.Label == "cpu").CpuOf("h3"));
        Assert.Equal(2, (await server.StatusAsync()).Faults.Length);
        Assert.Equal(2, (await server.JournalAsync("fault")).Count);
        Assert.Empty(await server.JournalAsync("begun"));

        // Once they answer again that is said, and the rule holds for them again. What loads h3 fits nowhere below the mark, and so stays.
        await Lab.ResumeMuninAsync("h1");
        await Lab.StartMuninAsync("h3");
        await server.TellsAsync("fault", "h1 munin: answers again");
        await server.TellsAsync("fault", "h3 munin: answers again");
        await server.TellsAsync("done", "migrate vm heavy from h1 to h2");
        await server.TellsAsync("refused", "on host/h3: fits nowhere");
        Assert.Empty((await server.StatusAsync()).Faults);
        Assert.Equal("h3", await Lab.WhereIsAsync("alone"));
        Assert.Single(await server.JournalAsync("begun"));
        await server.StopAsync();
    }
}
