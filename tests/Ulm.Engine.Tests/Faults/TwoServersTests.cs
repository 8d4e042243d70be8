using Ulm.Dsl;
using Ulm.Engine.Actions;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Simulation;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Faults;

/// <summary>Two servers on one store and one site: one acts, the other waits, and takes over when the first is killed, stands still, or stops.</summary>
public class TwoServersTests
{
    private const int Minutes = 120;

    private static readonly DateTimeOffset Start = Loop.Run.Start;

    private readonly List<(DateTimeOffset At, string Server, string What)> _acts = [];
    private readonly List<string> _broken = [];

    [Fact]
    public void While_the_first_lives_the_second_writes_and_does_nothing()
    {
        var (store, servers) = Play();

        Assert.NotEmpty(_acts);
        Assert.All(_acts, a => Assert.Equal("a", a.Server));
        Assert.Equal(("a", 1), (store.Lease!.Holder, store.Lease.Token));
        Assert.Equal("another server acts on this site: a", servers[1].NotActingBecause);
    }

    /// <summary>Wherever the first one is killed or made to stand still in the middle of writing: no act of the old one comes after the new one has taken over.</summary>
    [Fact]
    public void The_second_takes_over_and_nothing_of_the_first_is_done_after_that()
    {
        foreach (var point in Enumerable.Range(1, 60))
        {
            foreach (var stands in new[] { false, true })
            {
                _acts.Clear();
                var (store, _) = Play(first =>
                {
                    if (!stands) first.DiesAt = point * 3;
                    else At(first, TimeSpan.FromSeconds(60 * point + 1), TimeSpan.FromMinutes(3));
                });

                Assert.True(_broken.Count == 0, $"{(stands ? "stands" : "killed")} at {point}: {string.Join("\n", _broken)}");
                Assert.Equal(("b", 2), (store.Lease!.Holder, store.Lease.Token));
                Assert.Contains(_acts, a => a.Server == "b");
                var handed = store.Journal.First(e => e.Kind == JournalKind.Server && e.Text == "b acts").At;
                Assert.DoesNotContain(_acts, a => a.Server == "a" && a.At >= handed);
                Assert.Empty(JournalTruth.Unpaired(store.Journal));
            }
        }
    }

    private readonly List<(MortalPorts Who, TimeSpan At, TimeSpan For)> _stands = [];

    private void At(MortalPorts who, TimeSpan at, TimeSpan duration) => _stands.Add((who, at, duration));

    private (ScriptedStore Store, ControlLoop[] Servers) Play(Action<MortalPorts>? trouble = null)
    {
        _stands.Clear();
        var policies = PolicyCompiler.Compile([new SourceText("site.ulm", "every 7m balance by memory to within 5% every 20m migrate vm a to host h02 every 30m consolidate and power off idle hosts every 45m power on 2 hosts")]).Policies;
        var time = new VirtualTime(Start);
        var world = new World(time, [Some.Host("h01"), Some.Host("h02"), Some.Host("h03")], [Some.Vm("a", "h01", 8), Some.Vm("b", "h01", 8), Some.Vm("c", "h02", 4)], (_, _) => 20);
        var store = new ScriptedStore(time);
        var ports = new[] { "a", "b" }.Select(name => (Name: name, Mortal: new MortalPorts(new LoopPorts(world, world, world, store, time)))).ToList();
        trouble?.Invoke(ports[0].Mortal);
        var acting = "";
        world.Asked += (what, subject, _) =>
        {
            _acts.Add((time.GetUtcNow(), acting, $"{what} {subject}"));
            if (store.Lease!.Holder != acting) _broken.Add($"{time.GetUtcNow():HH:mm:ss} {acting} does {what} {subject} while {store.Lease.Holder} has the lease");
            if (world.VmsOn(subject).Any() && what == "off") _broken.Add($"{what} {subject}: it runs VMs");
        };
        var servers = ports.Select(p => Server(p.Name, p.Mortal)).ToArray();
        new EngineThread().Run(DriveAsync, time.FireNext);
        return (store, servers);

        ControlLoop Server(string name, MortalPorts mortal)
        {
            mortal.Calling += () => acting = name;
            var poll = TimeSpan.FromMinutes(1);
            var loop = new ControlLoop(mortal.Ports, new LoopOptions { PollingInterval = poll, Executor = new ExecutorOptions { LookAgain = poll }, Lease = new LeaseOptions(name) }, policies);
            loop.BeforeFirstLook = () => loop.Journal.WriteAsync([new JournalEntry(time.GetUtcNow(), JournalKind.Server, $"{name} acts")], default);
            return loop;
        }

        async Task DriveAsync()
        {
            using var end = new CancellationTokenSource();
            foreach (var (who, at, duration) in _stands) Stand(who, at, duration);
            var running = servers.Select(s => RunAsync(s, end.Token)).ToList();
            var schedules = servers.Select(s => new ScheduleTimer(s, time).RunAsync(end.Token)).ToList();
            var over = new TaskCompletionSource();
            time.CreateTimer(_ => over.SetResult(), null, TimeSpan.FromMinutes(Minutes), Timeout.InfiniteTimeSpan);
            await over.Task;
        }

        void Stand(MortalPorts who, TimeSpan at, TimeSpan duration)
        {
            var goOn = new TaskCompletionSource();
            time.CreateTimer(_ => who.Stands = goOn.Task, null, at, Timeout.InfiniteTimeSpan);
            time.CreateTimer(_ => goOn.SetResult(), null, at + duration, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>One that has lost its lease is started again, as a service manager does, and waits.</summary>
    private static async Task RunAsync(ControlLoop loop, CancellationToken ct)
    {
        try
        {
            await loop.RunAsync(ct);
        }
        catch (LeaseLostException)
        {
        }
    }
}
