using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Faults;

/// <summary>
/// A server that does everything there is to do is killed at every point there is: before and after each entry of the journal is durable, before, during
/// and after each act. The next one finds out what is true, says what it finished or abandoned, and goes on.
/// </summary>
public class RecoveryWalkTests(ITestOutputHelper output)
{
    private static readonly ImmutableArray<string> Sentences =
    [
        "at 12:03 migrate vm a to host h02",
        "at 12:06 drain host h03",
        "at 12:12 shut down host h02 for 20m",
        "at 12:45 leave maintenance host h03",
        "at 12:50 consolidate and power off idle hosts keeping 1 spare",
        "at 13:05 power on 1 host",
        "at 13:15 balance by memory to within 10%",
        "at 13:25 enter maintenance host h01",
        "at 13:35 leave maintenance host h01",
        "at 13:45 consolidate and suspend idle hosts",
    ];

    [Theory]
    [InlineData(0.1)]
    [InlineData(6)]
    public void Wherever_it_is_killed_nothing_is_lost_and_everything_has_an_end(double minutesDown)
    {
        var unharmed = ScenarioRun.Play(Killed(null, 0));
        Assert.Empty(unharmed.Broken);
        var done = unharmed.Run.Store.Journal.Where(e => e is { Kind: JournalKind.Ended, Outcome: "succeeded" }).Select(e => string.Join(' ', e.Text.Split(' ').Take(2))).ToHashSet();
        Assert.Superset(new HashSet<string> { "migrate vm", "drain host", "shut down", "power off", "power on", "suspend host", "open host", "enter maintenance", "keep host" }, done);

        var died = new Dictionary<string, int>();
        for (var point = 1; ; point++)
        {
            var run = ScenarioRun.Play(Killed(point, minutesDown), tell: true);
            Assert.True(run.Broken.Count == 0, $"killed at point {point}: {string.Join("\n", [.. run.Broken, .. run.Story])}");
            if (run.DiedAt is not { } where) break;
            died[where] = died.GetValueOrDefault(where) + 1;
            Assert.Equal(4, run.Run.World.Vms.Count);
            Assert.All(run.Run.World.Vms.Values, vm => Assert.Equal(HostState.On, run.Run.World.Hosts[vm.Host].State));
        }

        output.WriteLine(string.Join(", ", died.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}: {d.Value}")));
        Assert.All(
            ["append, before", "append, begun", "append, after", "migrate, before", "migrate, begun", "migrate, after", "power off, begun", "power off, after", "power on, begun", "suspend, after", "save orders, before", "save orders, after"],
            where => Assert.True(died.ContainsKey(where), $"never killed at: {where}"));
    }

    private static Scenario Killed(int? point, double minutesDown)
    {
        var poll = TimeSpan.FromMinutes(1);
        return new Scenario(
            1,
            [Some.Host("h01"), Some.Host("h02"), Some.Host("h03"), Some.Host("h04", HostState.Off)],
            [Some.Vm("a", "h01"), Some.Vm("b", "h01"), Some.Vm("c", "h02"), Some.Vm("d", "h03")],
            Sentences,
            point is { } at ? [new Trouble(TroubleKind.ServerIsKilled, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(minutesDown), Number: at)] : [],
            TimeSpan.FromMinutes(150),
            new LoopOptions { PollingInterval = poll, Executor = new ExecutorOptions { LookAgain = poll } });
    }
}
