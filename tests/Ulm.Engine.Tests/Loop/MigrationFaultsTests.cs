using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Loop.MigrationFate;

namespace Ulm.Engine.Tests.Loop;

/// <summary>What a migration's call says is never believed: the hosts are asked.</summary>
public class MigrationFaultsTests
{
    private static readonly PolicySet Relieve = Some.Policies(
        Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(false, Resource.Cpu)));

    [Theory]
    [InlineData(Moves, "h2", "succeeded", "migrate vm a from h1 to h2: runs on h2 after 25s")]
    [InlineData(Fails, "h1", "failed", "migrate vm a from h1 to h2: the connection broke; it still runs on h1")]
    [InlineData(Hangs, "h1", "failed", "migrate vm a from h1 to h2: aborted after 30m with 10% copied and 4GiB left; it still runs on h1")]
    [InlineData(ThrowsThoughItMoved, "h2", "succeeded", "migrate vm a from h1 to h2: runs on h2 after 25s (though: the connection broke)")]
    [InlineData(SucceedsThoughItDidNot, "h1", "failed", "migrate vm a from h1 to h2: the call succeeded; it still runs on h1")]
    internal void The_journal_says_what_is_true(MigrationFate fate, string host, string outcome, string text)
    {
        var run = Hot();
        run.World.FateOf = _ => fate;
        run.For(31.2, Relieve);

        Assert.Equal(host, run.World.Vms["a"].Host);
        var end = run.Store.Journal.First(e => e.Kind == JournalKind.Ended);
        Assert.Equal((outcome, text), (end.Outcome, end.Text));
    }

    [Theory]
    [InlineData("h1")]
    [InlineData("h2")]
    public void While_a_host_does_not_answer_it_stays_in_doubt(string silent)
    {
        var run = Hot();
        run.For(3, Relieve, script: (1.2, _ => run.World.Silent.Add(silent)));

        Assert.Equal("in doubt", Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Ended).Outcome);
    }

    [Theory]
    [InlineData("h1", "both hosts say they run it")]
    [InlineData(null, "neither host runs it")]
    public void A_vm_that_both_hosts_list_or_neither_is_in_doubt_and_left_alone(string? listed, string text)
    {
        var run = Hot();
        run.World.Listed["a"] = listed;
        run.For(30, Relieve);

        var end = Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Ended);
        Assert.Equal("in doubt", end.Outcome);
        Assert.Contains(text, end.Text, StringComparison.Ordinal);
        Assert.Contains("a", run.Loop.Executor.Held);
        Assert.Single(run.Calls, c => c.Contains("migrate a", StringComparison.Ordinal));
    }

    /// <summary>libvirt goes on with a migration whose call has failed: it leaves the source after that was asked and before the target is.</summary>
    [Fact]
    public void A_vm_that_moves_between_the_two_questions_is_not_said_to_run_twice()
    {
        var run = Hot();
        run.World.FateOf = _ => ThrowsThoughItMoved;
        run.Through = ports => ports with { Hypervisor = new AnswersAsBefore(run.World, "h1", "a") };
        run.For(5, Relieve);

        var end = Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Ended);
        Assert.Equal(("succeeded", "migrate vm a from h1 to h2: runs on h2 after 25s (though: the connection broke)"), (end.Outcome, end.Text));
    }

    [Fact]
    public void A_guest_that_stopped_at_an_error_has_moved_and_is_not_said_to_run()
    {
        var run = Hot();
        run.World.Paused.Add("a");
        run.For(3, Relieve);

        var end = run.Store.Journal.First(e => e.Kind == JournalKind.Ended);
        Assert.Equal(("succeeded", "migrate vm a from h1 to h2: is on h2, where it is paused, after 25s"), (end.Outcome, end.Text));
    }

    /// <summary>Its guest died with the source, and nobody has begun to run the copy.</summary>
    [Fact]
    public void A_copy_that_never_began_to_run_is_no_vm_that_has_moved()
    {
        var run = Hot();
        run.World.FateOf = _ => Fails;
        run.World.Listed["a"] = null;
        run.World.Copying["a"] = "h2";
        run.For(35, Relieve);

        var end = run.Store.Journal.First(e => e.Kind == JournalKind.Ended);
        Assert.Equal(("in doubt", "migrate vm a from h1 to h2: libvirt is still moving it, or has left a copy on h2 that does not run. the connection broke"), (end.Outcome, end.Text));
        Assert.Contains("a", run.Loop.Executor.Held);
    }

    [Fact]
    public void A_vm_whose_migration_failed_is_left_alone_longer_each_time()
    {
        var run = Hot();
        run.World.FateOf = _ => Fails;
        run.For(40, Relieve);

        // Held for 1, 2, 4, 8 minutes; a refused rule asks again every five.
        Assert.Equal(["12:01:00 migrate a to h2", "12:07:00 migrate a to h2", "12:13:00 migrate a to h2", "12:19:00 migrate a to h2", "12:30:00 migrate a to h2"], run.Calls);
    }

    [Fact]
    public void How_long_it_is_left_alone_does_not_depend_on_restarts()
    {
        var run = Hot();
        run.World.FateOf = _ => Fails;
        run.For(20, Relieve, kill: true);

        // The fourth failure was at 12:19:25; the next try comes after eight minutes, and not one after the start.
        Assert.Equal(4, run.Calls.Count);
        run.For(6, Relieve);
        Assert.Equal(4, run.Calls.Count);
        Assert.StartsWith("left alone until 12:27:25 after 4 failure(s): migrate vm a from h1 to h2: the connection broke", run.Loop.Executor.Held.GetValueOrDefault("a"));
        run.For(14, Relieve);
        Assert.Equal(5, run.Calls.Count);
    }

    /// <summary>That a server stops says nothing of the VM that it was moving.</summary>
    [Fact]
    public void What_was_aborted_as_the_server_stopped_is_moved_by_the_next()
    {
        var run = Hot();
        run.World.FateOf = _ => Hangs;
        run.For(2, Relieve);
        run.World.FateOf = _ => Moves;
        run.For(4, Relieve);

        Assert.Equal("h2", run.World.Vms["a"].Host);
        Assert.Equal("12:03:00 migrate a to h2", run.Calls[^1]);
    }

    /// <summary>A report that comes after the end must not bring the step back to life: its VM would never be moved again.</summary>
    [Fact]
    public void Progress_reported_late_changes_nothing()
    {
        var run = Hot();
        run.World.ReportsLate = true;
        run.For(10, Relieve);

        Assert.True(run.Loop.Executor.IsIdle);
        Assert.Empty(run.Loop.Executor.InFlight);
    }

    [Fact]
    public void A_vm_that_somebody_else_moved_while_its_step_waited_is_not_touched()
    {
        // Two at a time leave h1: c waits for its turn while it is taken to h3.
        var run = new Run(
            [Some.Host("h1"), Some.Host("h2"), Some.Host("h3")],
            [Some.Vm("a", "h1"), Some.Vm("b", "h1"), Some.Vm("c", "h1"), Some.Vm("x", "h2", 30)], (_, _) => 10);
        run.World.FateOf = vm => vm == "a" ? Moves : Hangs;
        run.Options = run.Options with { Executor = run.Options.Executor with { Manners = MigrationManners.Default.Within(TimeSpan.FromMinutes(5)), MigrationsPerHost = 1 } };
        run.For(12, Some.Policies(Some.Every("tidy", TimeSpan.FromMinutes(2), new PolicyAction.Consolidate())), script: (3, _ => run.World.Put(run.World.Vms["c"] with { Host = "h3" })));

        Assert.DoesNotContain(run.Calls, c => c.EndsWith("migrate c to h2", StringComparison.Ordinal) && string.CompareOrdinal(c, "12:08") < 0);
        Assert.Contains(run.Store.Journal, e => e.Kind == JournalKind.Refusal && e.Text == "migrate vm c from h1 to h2: vm c is on h3 now, not on h1");
    }

    private static Run Hot() => new([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 3)], (_, _) => 100);

    /// <summary>A host's first answer once it was left tells of the instant before.</summary>
    private sealed class AnswersAsBefore(World world, string host, string vm) : IHypervisor
    {
        private bool _told;

        public Task MigrateAsync(Vm moved, Host from, Host to, MigrationManner manner, IProgress<MigrationProgress> progress, CancellationToken ct) => world.MigrateAsync(moved, from, to, manner, progress, ct);

        public async Task<IReadOnlyList<RunningVm>> RunningVmsAsync(Host asked, CancellationToken ct)
        {
            var answer = await world.RunningVmsAsync(asked, ct);
            if (asked.Name != host || _told || world.Vms[vm].Host == host) return answer;
            _told = true;
            return [.. answer, new RunningVm(vm, null)];
        }
    }
}
