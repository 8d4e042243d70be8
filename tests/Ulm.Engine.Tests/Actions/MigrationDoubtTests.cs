using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Actions;

/// <summary>
/// One migration at a time at each host. At 12:10 a leaves h1 for h2; at 12:13 it is aborted, which libvirt ignores while h1 is silent; at 12:14 it
/// arrives. At 12:11 b is to leave h3 for h2.
/// </summary>
public class MigrationDoubtTests
{
    private static readonly PolicySet Policies = Of("at 12:10 migrate vm a to host h2", "at 12:11 migrate vm b to host h2");

    [Fact]
    public void A_migration_in_doubt_keeps_its_slot_until_its_hosts_tell_where_its_vm_is()
    {
        var run = SilentFor(3);

        Assert.Equal(["in doubt", "succeeded"], OutcomesOf(run, "a"));
        Assert.StartsWith("migrate vm a from h1 to h2: runs on h2, as both hosts say after ", EndsOf(run, "a")[1].Text, StringComparison.Ordinal);
        Assert.True(BegunAt(run, "b") >= EndsOf(run, "a")[1].At);
        Assert.Equal(["succeeded"], OutcomesOf(run, "b"));
        Assert.Empty(run.Loop.Executor.Moves);
        Assert.DoesNotContain("a", run.Loop.Executor.Held);
    }

    [Fact]
    public void A_host_that_has_no_power_runs_nothing_and_settles_it()
    {
        var run = SilentFor(60, (16, r => r.World.PullPlug("h1")));

        Assert.Equal(["in doubt", "succeeded"], OutcomesOf(run, "a"));
        Assert.InRange(BegunAt(run, "b"), At(16), At(18));
    }

    /// <summary>It has been given as long again as a migration may take.</summary>
    [Fact]
    public void What_nobody_settles_is_told_and_counts_no_longer()
    {
        var run = SilentFor(60);

        Assert.Equal(["in doubt", "in doubt"], OutcomesOf(run, "a"));
        Assert.Equal("migrate vm a from h1 to h2: still in doubt after 3m: it is taken to be over, and counts for no limit any more. Look where it runs.", EndsOf(run, "a")[1].Text);
        Assert.True(BegunAt(run, "b") >= EndsOf(run, "a")[1].At);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_next_server_goes_on_with_a_doubt(bool kill)
    {
        var run = Scene();
        run.For(14.5, Policies, kill, (12.5, _ => run.World.Silent.Add("h1")));
        Assert.Equal(["in doubt"], OutcomesOf(run, "a"));
        run.For(2, Policies);
        Assert.Contains(run.Loop.Executor.MovesUnderWay, m => m.Vm == "a");
        run.For(5, Policies, script: (0.5, _ => run.World.Silent.Clear()));

        Assert.Equal("succeeded", OutcomesOf(run, "a")[^1]);
        Assert.Empty(run.Loop.Executor.MovesUnderWay);
    }

    /// <summary>Nothing is copied any more, as the source knows; where the VM is stays in doubt until both have been asked.</summary>
    [Fact]
    public void Where_the_target_has_died_others_leave_the_source_all_the_same()
    {
        var run = Scene();
        run.World.FateOf = _ => MigrationFate.Moves;
        run.World.Put(run.World.Vms["b"] with { Host = "h1" });
        run.For(15, Of("at 12:10 migrate vm a to host h2", "at 12:11 migrate vm b to host h3"), script: (10.2, _ => run.World.Crash("h2")));

        Assert.InRange(BegunAt(run, "b"), At(11), At(12.5));
        Assert.Equal(["in doubt", "in doubt"], OutcomesOf(run, "a"));
        Assert.InRange(EndsOf(run, "a")[1].At, At(13), At(15));
    }

    /// <summary>Its source does not answer when the server starts: it is on no host that was ever seen.</summary>
    [Fact]
    public void A_vm_that_the_next_server_has_never_seen_keeps_its_slot_too()
    {
        var run = Scene();
        run.For(11.5, Of("at 12:10 migrate vm a to host h2"), kill: true, (11.4, _ => run.World.Silent.Add("h1")));
        run.Through = ports => ports with { Observer = new SeesWhatAnswers(ports.Observer) };
        run.For(8, Of("at 12:13 migrate vm b to host h2"), script: (2.7, _ => run.World.Silent.Clear()));

        Assert.Equal("succeeded", OutcomesOf(run, "a")[^1]);
        Assert.True(BegunAt(run, "b") >= EndsOf(run, "a")[^1].At);
    }

    /// <summary>As libvirt does right after a start: of a host that does not answer nothing is known.</summary>
    private sealed class SeesWhatAnswers(ISiteObserver real) : ISiteObserver
    {
        public async Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
        {
            var seen = await real.ObserveAsync(reads, ct);
            return seen with { Site = new Site(seen.Site.Hosts, seen.Site.Vms.Where(v => seen.Site.Host(v.Host).State != HostState.Unreachable)) };
        }
    }

    /// <summary>libvirt may take its time over an abort.</summary>
    [Fact]
    public void A_server_that_is_stopped_while_it_aborts_what_another_began_ends_in_order()
    {
        var run = Scene();
        var options = run.Options;
        run.World.FateOf = _ => MigrationFate.Hangs;
        run.Options = new() { PollingInterval = options.PollingInterval };
        run.For(11.5, Policies, kill: true);
        run.Options = options;
        run.Through = ports => ports with { Hypervisor = new SlowToAbort(ports.Hypervisor, run.Time) };
        // Three minutes to end by itself, then it is aborted, which takes one.
        run.For(3.5, PolicySet.Empty);
        Assert.Equal("in doubt", OutcomesOf(run, "a")[^1]);

        run.Through = ports => ports;
        run.For(6, PolicySet.Empty);
        Assert.Equal("failed", OutcomesOf(run, "a")[^1]);
    }

    private sealed class SlowToAbort(IHypervisor real, TimeProvider time) : IHypervisor
    {
        public Task MigrateAsync(Vm vm, Host from, Host to, MigrationManner manner, IProgress<MigrationProgress> progress, CancellationToken ct) => real.MigrateAsync(vm, from, to, manner, progress, ct);

        public Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host host, CancellationToken ct) => real.RunningVmsAsync(host, ct);

        public async Task AbortMigrationAsync(Vm vm, Host from, CancellationToken ct)
        {
            var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var timer = time.CreateTimer(_ => over.TrySetResult(), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
            await using var stop = ct.Register(() => over.TrySetCanceled(ct));
            await over.Task;
            await real.AbortMigrationAsync(vm, from, ct);
        }
    }

    private static Run SilentFor(double minutes, params (double Minute, Action<Run> Do)[] script)
    {
        var run = Scene();
        run.For(100, Policies, script: [(12.5, _ => run.World.Silent.Add("h1")), (12.5 + minutes, _ => run.World.Silent.Clear()), .. script.Select(s => (s.Minute, (Action<Engine.Loop.ControlLoop>)(_ => s.Do(run))))]);
        return run;
    }

    private static PolicySet Of(params string[] rules) => PolicyCompiler.Compile([new SourceText("site.ulm", $"limit migrations to 1 per host and 8 in total\n{string.Join('\n', rules)}")]).Policies;

    private static Run Scene()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1"), Some.Vm("b", "h3")], (_, _) => 10);
        run.Options = run.Options with { Executor = run.Options.Executor with { Manners = MigrationManners.Default.Within(TimeSpan.FromMinutes(3)) } };
        run.World.FateOf = vm => vm == "a" ? MigrationFate.ArrivesThoughAborted : MigrationFate.Moves;
        return run;
    }

    private static DateTimeOffset At(double minutes) => Run.Start.AddMinutes(minutes);

    private static DateTimeOffset BegunAt(Run run, string vm) => Assert.Single(run.Asked, a => a is { What: "migrate" } && a.Subject == vm).At;

    private static List<JournalEntry> EndsOf(Run run, string vm) => [.. run.Store.Journal.Where(e => e.Kind == JournalKind.Ended && e.Subject == $"vm/{vm}")];

    private static List<string?> OutcomesOf(Run run, string vm) => [.. EndsOf(run, vm).Select(e => e.Outcome)];
}
