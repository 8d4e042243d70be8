using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Loop;

/// <summary>The server itself stands still for a while: its process is stopped, its machine sleeps, a poll takes an hour.</summary>
public class StoppedServerTests
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    [Fact]
    public void Time_in_which_nothing_was_measured_counts_for_nothing()
    {
        var run = Hot();
        StandStillFrom(run, minute: 4, TimeSpan.FromHours(1));
        run.For(90, Some.Policies(Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TenMinutes, new PolicyAction.Evacuate(true, Resource.Cpu))));

        // Four minutes before and six after; the hour between is not evidence of anything.
        var fired = run.Store.Journal.First(e => e.Kind == JournalKind.Decision).At;
        Assert.InRange(fired, Run.Start.AddMinutes(70), Run.Start.AddMinutes(72));
    }

    /// <summary>What is measured then is older than what is known: nothing rests on it, and somebody is told why nothing happens.</summary>
    [Fact]
    public void A_clock_that_is_set_back_by_long_is_told_and_nothing_is_done_on_what_is_measured_until_it_has_caught_up()
    {
        var run = Hot();
        var clock = new SettableClock(run.Time);
        run.Through = ports => ports with { Time = clock, Observer = new SteppedObserver(ports.Observer, clock) };
        run.For(60, Some.Policies(Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TenMinutes, new PolicyAction.Evacuate(true, Resource.Cpu))), script: (4, _ => clock.IsOff = -TimeSpan.FromMinutes(30)));

        Assert.Contains(run.Journal(JournalKind.Fault), t => t.EndsWith("clock: this machine's clock was set back by 28m: what is measured counts for nothing until 2026-01-05 12:03:00 UTC, and no rule that reads it fires", StringComparison.Ordinal));
        Assert.Contains("12:03:00 clock: has caught up", run.Journal(JournalKind.Fault));
        Assert.InRange(run.Asked[0].At, Run.Start.AddMinutes(34), Run.Start.AddMinutes(50));
        // It has looked all the while.
        Assert.True(run.World.MeasuredAt["host/h1"] >= Run.Start.AddMinutes(59));
    }

    [Fact]
    public void A_schedule_that_passed_meanwhile_is_told_and_not_made_up_for()
    {
        var run = Hot();
        StandStillFrom(run, minute: 4, TimeSpan.FromHours(1));
        run.For(90, Some.Policies(Some.At("tidy", new TimeOnly(12, 30), DaysOfWeek.Daily, new PolicyAction.Balance(Resource.Cpu, 10))));

        Assert.Empty(run.Calls);
        Assert.Contains(run.Journal(JournalKind.Refusal), t => t.Contains("tidy: its time, 2026-01-05 12:30:00, passed", StringComparison.Ordinal));
    }

    /// <summary>The rule may fire between 12:00 and 14:00, its time is 12:30, and the server looks again from 13:04 on.</summary>
    [Theory]
    [InlineData("12:00-14:00", true)]
    [InlineData("12:00-13:00", false)]
    [InlineData("13:00-14:00", false)]
    public void A_schedule_that_passed_meanwhile_is_followed_late_while_its_window_holds(string window, bool fires)
    {
        var run = Hot();
        StandStillFrom(run, minute: 4, TimeSpan.FromHours(1));
        run.For(90, Some.Policies(Windowed(window)));

        Assert.Equal(fires, run.Journal(JournalKind.Decision).Any());
        Assert.NotEqual(fires, run.Journal(JournalKind.Refusal).Any(t => t.Contains("its time, 2026-01-05 12:30:00, passed", StringComparison.Ordinal)));
    }

    /// <summary>The same of a server that was stopped altogether.</summary>
    [Theory]
    [InlineData("12:00-14:00", true)]
    [InlineData("12:00-13:00", false)]
    public void A_schedule_that_passed_while_no_server_ran_is_followed_late_while_its_window_holds(string window, bool fires)
    {
        var run = Hot();
        run.For(20, Some.Policies(Windowed(window)));
        run.Time.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(45), Timeout.InfiniteTimeSpan);
        while (run.Time.GetUtcNow() < Run.Start.AddMinutes(65)) run.Time.FireNext();
        run.For(10, Some.Policies(Windowed(window)));

        Assert.Equal(fires, run.Journal(JournalKind.Decision).Any());
        Assert.NotEqual(fires, run.Journal(JournalKind.Refusal).Any(t => t.Contains("its time, 2026-01-05 12:30:00, passed", StringComparison.Ordinal)));
    }

    /// <summary>And of one that looked, and could not act: its disk was full from 12:25 on for half an hour.</summary>
    [Theory]
    [InlineData("12:00-14:00", true)]
    [InlineData("12:00-12:50", false)]
    public void A_schedule_that_passed_while_the_server_could_not_act_is_followed_late_while_its_window_holds(string window, bool fires)
    {
        var run = Hot();
        run.Store.Refuses = (_, _) => run.Time.GetUtcNow() >= Run.Start.AddMinutes(25) && run.Time.GetUtcNow() < Run.Start.AddMinutes(55);
        run.For(90, Some.Policies(Windowed(window)), script: [(25.1, async loop => await Assert.ThrowsAsync<StoreUnavailableException>(() => loop.Operators.OrderAsync(new ManualOrder.Release("h1"), "ann", null)))]);

        Assert.Equal(fires, run.Journal(JournalKind.Decision).Any(t => t.Contains("tidy", StringComparison.Ordinal)));
        Assert.NotEqual(fires, run.Journal(JournalKind.Refusal).Any(t => t.Contains("tidy: its time, 2026-01-05 12:30:00, passed", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_schedule_that_passed_days_ago_while_no_server_ran_is_told_too()
    {
        var run = Hot();
        var weekly = Some.Policies(Some.At("tidy", new TimeOnly(12, 30), DaysOfWeek.Tuesday, new PolicyAction.Balance(Resource.Cpu, 10)));
        run.For(20, weekly);
        run.Time.CreateTimer(_ => { }, null, TimeSpan.FromDays(6), Timeout.InfiniteTimeSpan);
        while (run.Time.GetUtcNow() < Run.Start.AddDays(6)) run.Time.FireNext();
        run.For(10, weekly);

        Assert.Empty(run.Calls);
        Assert.Single(run.Journal(JournalKind.Refusal), t => t.Contains("tidy: its time, 2026-01-06 12:30:00, passed 4d", StringComparison.Ordinal));
    }

    private static Rule Windowed(string window) =>
        Some.At("tidy", new TimeOnly(12, 30), DaysOfWeek.Daily, new PolicyAction.Balance(Resource.Cpu, 10)) with { Guards = new RuleGuards { During = [Some.Window(window)] } };

    [Fact]
    public void A_migration_that_libvirt_goes_on_with_is_waited_for()
    {
        var run = Hot();
        run.World.FateOf = _ => MigrationFate.Fails;
        run.For(20, Some.Policies(Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu))),
            script: [(1.1, _ => run.World.Copying["a"] = "h2"), (8, _ => run.World.Arrive("a"))]);

        Assert.StartsWith("12:08:0", run.Journal(JournalKind.Ended).First());
        Assert.Contains("runs on h2", run.Journal(JournalKind.Ended).First());
    }

    private static void StandStillFrom(Run run, int minute, TimeSpan duration)
    {
        var stood = false;
        run.World.ObservationTakes = () =>
        {
            if (stood || run.World.Now < Run.Start.AddMinutes(minute)) return TimeSpan.Zero;
            stood = true;
            return duration;
        };
    }

    private static Run Hot() => new(
        [Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (vm, _) => vm == "a" ? 95 : 80);

    private sealed class SteppedObserver(ISiteObserver observer, SettableClock time) : ISiteObserver
    {
        public async Task<Observation> ObserveAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
        {
            var seen = await observer.ObserveAsync(reads, ct);
            return seen with { Measurements = [.. seen.Measurements.Select(m => m with { At = m.At + time.IsOff })] };
        }
    }
}
