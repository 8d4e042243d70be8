using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;
using Ulm.Server.Hosting;

namespace Ulm.Server.Tests.Hosting;

public sealed class RunningEngineTests
{
    /// <summary>An order that was refused with these words must not be carried out a moment later.</summary>
    [Fact]
    public async Task What_was_given_up_as_the_engine_was_busy_is_not_done_when_it_is_not()
    {
        var asked = 0;
        var engine = Engine() with { Patience = TimeSpan.FromMilliseconds(1) };

        var refused = await Assert.ThrowsAsync<TimeoutException>(() => engine.AskAsync(_ => asked++));
        Assert.Equal("the server has been busy for 0s: it was not asked, and nothing was done; try again", refused.Message);

        var told = false;
        engine.Tell(_ => told = true);
        while (engine.Thread.Serve(TimeSpan.Zero))
        {
        }

        Assert.Equal((0, true), (asked, told));
    }

    [Fact]
    public async Task What_was_begun_is_waited_for()
    {
        var engine = Engine() with { Patience = TimeSpan.FromMilliseconds(1) };
        using var begun = new ManualResetEventSlim();
        using var over = new ManualResetEventSlim();

        var serving = Task.Run(() => engine.Thread.Serve(TimeSpan.FromMinutes(1)));
        engine = engine with { Patience = TimeSpan.FromMinutes(1) };
        var answer = engine.AskAsync(_ =>
        {
            begun.Set();
            over.Wait();
            return 7;
        });
        begun.Wait(TestContext.Current.CancellationToken);
        over.Set();

        Assert.Equal(7, await answer);
        await serving;
    }

    private static RunningEngine Engine()
    {
        var time = new VirtualTime(new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero));
        var site = new SimulatedSite(Site.Empty, new NoLoad(), time);
        var store = new MemoryStore();
        return new RunningEngine(new EngineThread(), new ControlLoop(new LoopPorts(site, site, site, store, time), new LoopOptions(), PolicySet.Empty), store, new LoopOptions(), "none");
    }

    private sealed class NoLoad : ILoadModel
    {
        public double? CpuPercent(string vm, DateTimeOffset at) => null;
    }
}
