using Ulm.Dsl;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

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

    /// <summary>It stood still until the clock had caught up: for hours where a machine had started in another zone's time.</summary>
    [Theory]
    [InlineData("host.cpu > 75% for 10m", 30, 20)]
    [InlineData("host.cpu > 75% for 10m", 24 * 365 * 60, 20)]
    [InlineData("avg(host.cpu, 10m) > 75% for 5m", 120, 25)]
    [InlineData("forecast(host.cpu, 10m) > 75%", 120, 25)]
    public void A_clock_that_is_set_back_by_long_is_told_and_all_goes_on_from_there(string when, int minutes, int actsWithin)
    {
        var run = Hot();
        run.World.Clock.IsOff = TimeSpan.FromMinutes(minutes);
        run.For(60, Relieve(when), script: (4.5, _ => run.World.Clock.IsOff = TimeSpan.Zero));

        Assert.Single(run.Journal(JournalKind.Fault), t => t.StartsWith($"12:06:00 clock: this machine's clock was set back by {Show.Duration(TimeSpan.FromMinutes(minutes))}: ", StringComparison.Ordinal));
        Assert.Contains("12:07:00 clock: goes on from there after 1m", run.Journal(JournalKind.Fault));
        Assert.InRange(run.Asked.Select(a => a.At).FirstOrDefault(), Run.Start.AddMinutes(10), Run.Start.AddMinutes(actsWithin));
        // Decisions of an instant that came twice are told apart.
        Assert.Distinct(run.Store.Journal.Where(e => e.Kind == JournalKind.Decision).Select(e => e.Decision));
    }

    /// <summary>What was done at an instant that comes again was done: no budget is overspent, and none is spent for as long as the clock was ahead.</summary>
    [Fact]
    public void What_was_done_before_the_clock_was_set_back_counts_as_done_by_then()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, _) => 80);
        run.World.Clock.IsOff = TimeSpan.FromDays(30);
        run.For(180, Relieve("host.cpu > 75% for 10m", "limit migrations to 1 per 30m"), script: [(15.5, _ => run.World.Clock.IsOff = TimeSpan.Zero), (20.5, _ => run.World.Put(Some.Vm("c", "h1", vcpus: 4)))]);

        var moved = run.Asked.Select(a => (a.At - Run.Start).TotalMinutes).ToList();
        Assert.Equal(2, moved.Count);
        Assert.InRange(moved[0], 9, 12);
        Assert.InRange(moved[1], moved[0] + 30, 60);
    }

    /// <summary>Fault seed 703: a schedule cooled down until the time at which it had fired last, and instants that came a third time gave names that were given.</summary>
    [Fact]
    public void Schedules_go_on_under_names_of_their_own_however_often_the_clock_is_set_back()
    {
        var run = Hot();
        run.World.Clock.IsOff = TimeSpan.FromMinutes(90);
        run.For(120, Some.Policies(Some.Every("tidy", TimeSpan.FromMinutes(10), new PolicyAction.Balance(Resource.Cpu, 10))), script:
            [(25.5, _ => run.World.Clock.IsOff = TimeSpan.Zero), (35.5, _ => run.World.Clock.IsOff = TimeSpan.FromMinutes(15)), (45.5, _ => run.World.Clock.IsOff = TimeSpan.Zero)]);

        var decided = run.Store.Journal.Where(e => e.Kind == JournalKind.Decision).ToList();
        Assert.Equal([.. Enumerable.Range(5, 7).Select(i => Run.Start.AddMinutes(10 * i))], decided.Select(e => e.At).TakeLast(7));
        Assert.Distinct(decided.Select(e => e.Decision));
        Assert.DoesNotContain(run.Journal(JournalKind.Refusal), t => t.Contains("cooling down", StringComparison.Ordinal));
    }

    /// <summary>A minute old by the new time, it is a quarter of an hour older.</summary>
    [Fact]
    public void What_the_store_has_from_before_the_clock_was_set_back_counts_for_nothing()
    {
        var run = Hot();
        var policies = Relieve("forecast(host.cpu, 10m) > 99%");
        run.For(23.5, policies, script: (9.5, _ => run.World.Unmeasured.UnionWith(["h1", "h2"])));
        run.World.Clock.IsOff = TimeSpan.FromMinutes(-13.4);
        var reading = Reading.Known(0, default);
        run.For(1, policies, script: (0.2, loop => reading = loop.FactsNow().Read(SubjectRef.Host("h1"), PolicyAttribute.HostCpu)));

        Assert.Equal("not measured yet", reading.UnknownBecause);
    }

    [Fact]
    public void A_schedule_comes_again_when_the_clock_has_been_set_back_before_its_time()
    {
        var run = Hot();
        run.World.Clock.IsOff = TimeSpan.FromDays(30);
        run.For(60, Some.Policies(Some.At("tidy", new TimeOnly(12, 30), DaysOfWeek.Daily, new PolicyAction.Balance(Resource.Cpu, 10))), script: (4.5, _ => run.World.Clock.IsOff = TimeSpan.Zero));

        Assert.Equal(Run.Start.AddMinutes(30), Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Decision).At);
    }

    /// <summary>A machine starts with a clock that is hours ahead, and is put right: what the store has of the time to come keeps nobody from acting after a restart.</summary>
    [Theory]
    [InlineData("host.cpu > 75% for 10m", 0.5, false)]
    [InlineData("host.cpu > 75% for 10m", 24 * 365, true)]
    [InlineData("avg(host.cpu, 10m) > 75% for 5m", 2, false)]
    [InlineData("avg(host.cpu, 10m) > 75% for 5m", 24 * 365, true)]
    [InlineData("forecast(host.cpu, 10m) > 75%", 2, false)]
    [InlineData("forecast(host.cpu, 10m) > 75%", 24 * 365, true)]
    public void A_server_restarted_after_the_clock_was_set_back_acts_as_one_that_was_only_stopped(string when, double hours, bool isKilled)
    {
        var run = Hot();
        run.World.Clock.IsOff = TimeSpan.FromHours(hours);
        var policies = Relieve(when);
        run.For(8, policies, kill: isKilled);
        Assert.Empty(run.Asked);

        run.World.Clock.IsOff = TimeSpan.Zero;
        run.For(60, policies);

        Assert.InRange(run.Asked.Select(a => a.At).FirstOrDefault(), Run.Start.AddMinutes(10), Run.Start.AddMinutes(30));
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

    private static PolicySet Relieve(string when, string constraint = "") =>
        PolicyCompiler.Compile([new SourceText("site.ulm", $"{constraint}\nwhen {when} then evacuate heaviest fitting vm")]).Policies;
}
