using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Faults;

/// <summary>The shortest stories of what generated faults have found, each mended by now.</summary>
public class FoundByFaultsTests
{
    /// <summary>Seed 80: the journal said that a host was off which was on.</summary>
    [Fact]
    public void What_a_bmc_says_of_a_host_that_still_answers_is_not_believed()
    {
        var run = Holds(["at 12:10 power off idle hosts"], [Some.Host("h01"), Some.Host("h02")], [Some.Vm("a", "h01")], new Trouble(TroubleKind.BmcLies, TimeSpan.Zero, TimeSpan.FromHours(1)));

        var end = Assert.Single(run.Run.Store.Journal, e => e.Kind == JournalKind.Ended);
        Assert.Equal(("in doubt", "power off host h02: it is off, its power control says, and its hypervisor answers"), (end.Outcome, end.Text));
    }

    /// <summary>Seed 104: a poll and a schedule at one instant gave two steps of an order one name.</summary>
    [Fact]
    public void Two_looks_at_one_instant_name_the_steps_of_an_order_apart() => Holds(
        ["at 12:20 shut down host h02", "every 1m balance by cpu to within 14%"], [Some.Host("h01"), Some.Host("h02")], [Some.Vm("a", "h01"), Some.Vm("b", "h02")]);

    /// <summary>Seed 1: once the store had refused an entry, the server never acted again.</summary>
    [Fact]
    public void A_server_whose_store_was_full_acts_again_and_tells_how_its_steps_ended()
    {
        var run = Holds(
            ["every 10m balance by memory to within 5%", "at 12:40 drain host h02"], [Some.Host("h01"), Some.Host("h02")], [Some.Vm("a", "h01", 8), Some.Vm("b", "h01", 8), Some.Vm("c", "h01", 8), Some.Vm("d", "h01", 8)],
            new Trouble(TroubleKind.StoreIsFull, TimeSpan.FromSeconds(610), TimeSpan.FromMinutes(15)));

        var journal = run.Run.Store.Journal;
        Assert.Contains(journal, e => e is { Kind: JournalKind.Ended, Outcome: "succeeded" } && e.At < Start.AddMinutes(11) && e.Text.StartsWith("migrate vm", StringComparison.Ordinal));
        Assert.Contains(journal, e => e.Kind == JournalKind.Server && e.Text.StartsWith("the journal can be written again", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Run.Asked, a => a.At > Start.AddSeconds(610) && a.At < Start.AddMinutes(25));
        Assert.Contains(run.Run.Asked, a => a.At > Start.AddMinutes(25));
    }

    /// <summary>Seed 1977: after a restart, migrations that libvirt went on with counted for no limit, and their VMs were moved again.</summary>
    [Theory]
    [InlineData(TroubleKind.MigrationsStall, "begun by the last run and seen through, aborted after 3m: it still runs on h01")]
    [InlineData(TroubleKind.MigrationsIgnoreAborts, "begun by the last run and seen through: runs on h02")]
    internal void A_migration_that_goes_on_without_its_server_is_seen_through_by_the_next(TroubleKind fate, string text)
    {
        var run = Holds(
            ["at 12:10 migrate vm a to host h02", "every 1m run hook clean", "at 12:14 migrate vm b to host h02", "limit migrations to 1 per host and 1 in total"], [Some.Host("h01"), Some.Host("h02")], [Some.Vm("a", "h01", 8), Some.Vm("b", "h01", 8)],
            new Trouble(fate, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(2), Vm: "a"), new Trouble(TroubleKind.ServerIsKilled, TimeSpan.FromSeconds(601), TimeSpan.FromSeconds(6), Number: 1));

        var end = run.Run.Store.Journal.First(e => e.Kind == JournalKind.Ended && e.Subject == "vm/a");
        Assert.EndsWith(text, end.Text);
        Assert.Equal(run.Run.Store.Journal.First(e => e.Kind == JournalKind.Begun && e.Subject == "vm/a").Step, end.Step);
        Assert.True(run.Run.Asked.Single(a => a.Subject == "b").At >= end.At);
    }

    /// <summary>Seed 591: a server that came after the clock was set back gave names to decisions that the one before had given.</summary>
    [Fact]
    public void Decisions_have_names_of_their_own_though_the_clock_was_set_back_over_a_restart() => Holds(
        ["every 1m balance by memory to within 5%"], [Some.Host("h01"), Some.Host("h02")], [.. Enumerable.Range(0, 8).Select(i => Some.Vm($"v{i}", "h01", 4))],
        new Trouble(TroubleKind.ClockIsSet, TimeSpan.Zero, TimeSpan.FromMinutes(1.5), Number: 120), new Trouble(TroubleKind.ServerIsStopped, TimeSpan.FromMinutes(1.6), TimeSpan.Zero));

    /// <summary>Seeds 863, 942: what was measured before the clock was set back counted as new once it had come to that time again.</summary>
    [Fact]
    public void What_was_measured_before_the_clock_was_set_back_counts_for_nothing_when_its_time_comes_again()
    {
        var run = new Loop.Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, at) => at < Start.AddMinutes(10) ? 10 : null);
        string? unknown = null;

        run.For(30, Dsl.Policies.PolicySet.Empty with { Constraints = [Some.Apart(new Dsl.Policies.Selector.Tagged("none"))] }, script:
            [(10.5, _ => run.World.Clock.IsOff = TimeSpan.FromMinutes(-15)), (25.5, loop => unknown = loop.FactsNow().Read(SubjectRef.Vm("a"), Dsl.Policies.PolicyAttribute.VmCpu).UnknownBecause)]);

        Assert.Equal("measured before the clock was set back: how long ago nobody knows", unknown);
    }

    /// <summary>Seed 5475: set back by seconds, the clock made what was measured younger by them, and a VM was moved on figures that were too old.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(70)]
    public void What_was_measured_before_the_clock_was_set_back_by_little_counts_for_no_longer_than_else(int seconds)
    {
        var run = new Loop.Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, at) => at < Start.AddMinutes(10) ? 10 : null);
        var isKnown = new List<bool>();
        void Read(ControlLoop loop) => isKnown.Add(loop.FactsNow().Read(SubjectRef.Vm("a"), Dsl.Policies.PolicyAttribute.VmCpu).IsKnown);

        run.For(30, Dsl.Policies.PolicySet.Empty with { Constraints = [Some.Apart(new Dsl.Policies.Selector.Tagged("none"))] }, script:
            [(10.4, Read), (10.5, _ => run.World.Clock.IsOff = TimeSpan.FromSeconds(-seconds)), (12.02, Read), (12.02 + seconds / 60.0 - 0.04, Read)]);

        Assert.Equal([true, false, false], isKnown);
    }

    /// <summary>Six minutes old by the clock, which was set back by a quarter of an hour, it counted as just new enough.</summary>
    [Fact]
    public void What_was_measured_long_before_the_clock_was_set_back_does_not_come_to_count_by_it()
    {
        var run = new Loop.Run([Some.Host("h1")], [Some.Vm("a", "h1", vcpus: 4)], (_, at) => at < Start.AddMinutes(10) ? 10 : null);
        string? unknown = null;

        run.For(30, Dsl.Policies.PolicySet.Empty with { Constraints = [Some.Apart(new Dsl.Policies.Selector.Tagged("none"))] }, script:
            [(24.5, _ => run.World.Clock.IsOff = TimeSpan.FromMinutes(-14)), (26.01, loop => unknown = loop.FactsNow(Start.AddMinutes(12)).Read(SubjectRef.Vm("a"), Dsl.Policies.PolicyAttribute.VmCpu).UnknownBecause)]);

        Assert.Equal("measured before the clock was set back: how long ago nobody knows", unknown);
    }

    private static DateTimeOffset Start => Loop.Run.Start;

    /// <summary>Plays it for three hours; no safety rule may be broken.</summary>
    private static ScenarioRun Holds(ImmutableArray<string> sentences, ImmutableArray<Host> hosts, ImmutableArray<Vm> vms, params Trouble[] troubles)
    {
        var poll = TimeSpan.FromMinutes(1);
        var options = new LoopOptions { PollingInterval = poll, Executor = new ExecutorOptions { LookAgain = poll, Manners = MigrationManners.Default.Within(TimeSpan.FromMinutes(3)) } };
        var run = ScenarioRun.Play(new Scenario(1, hosts, vms, sentences, [.. troubles], TimeSpan.FromHours(3), options), tell: true);
        Assert.True(run.Broken.Count == 0, string.Join("\n", [.. run.Broken, .. run.Story]));
        return run;
    }
}
