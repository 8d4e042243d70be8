using Ulm.Dsl.Policies;
using Ulm.Engine.Journal;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Tests.Loop;

public class ControlLoopTests
{
    private static readonly TimeSpan TenMinutes = TimeSpan.FromMinutes(10);

    private static Rule Relieve(TimeSpan holdFor) => Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), holdFor, new PolicyAction.Evacuate(true, Resource.Cpu));

    private static Rule TidyAt(int hour, int minute) => Some.At("tidy", new TimeOnly(hour, minute), DaysOfWeek.Daily, new PolicyAction.Consolidate());

    [Fact]
    public void Nothing_acts_in_the_first_polling_interval() =>
        Assert.Equal("12:01:00 migrate a to h2", Hot().For(5, Some.Policies(Relieve(TimeSpan.Zero))).Calls[0]);

    [Fact]
    public void A_schedule_that_comes_due_in_the_first_polling_interval_waits_for_its_end()
    {
        var run = Hot(seconds: -30).For(5, Some.Policies(TidyAt(12, 0)));

        Assert.Equal(["12:01:00 tidy fires: its time came at 12:00:00"], run.Journal(JournalKind.Decision));
    }

    /// <summary>A poll and a schedule at the same instant are two looks: what they decide must not share a name.</summary>
    [Fact]
    public void Two_looks_at_one_instant_name_their_decisions_apart()
    {
        var run = Hot();
        run.World.FateOf = _ => MigrationFate.Hangs;
        run.For(15, Some.Policies(Relieve(TenMinutes), Some.At("on", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.Balance(Resource.Memory, 1))), script:
            [(10, loop => loop.Due(new ScheduleEvent("on", Run.Start + TenMinutes)))]);

        var decisions = run.Store.Journal.Where(e => e.Kind == JournalKind.Decision).Select(e => e.Decision).ToList();
        Assert.True(decisions.Count >= 2);
        Assert.Equal(decisions.Distinct(), decisions);
    }

    [Fact]
    public void Replacing_policies_keeps_the_clock_of_an_unchanged_rule_and_starts_a_changed_one_anew()
    {
        Assert.Equal("12:10:00 migrate a to h2", Replaced(Relieve(TenMinutes)).Calls[0]);
        Assert.Equal("12:15:00 migrate a to h2", Replaced(Relieve(TenMinutes) with { Fingerprint = "changed" }).Calls[0]);

        static Run Replaced(Rule rule) => Hot().For(20, Some.Policies(Relieve(TenMinutes)), script: (5, loop => loop.ReplacePolicies(Some.Policies(rule))));
    }

    [Fact]
    public void A_schedule_loaded_after_its_time_waits_for_the_next_day() =>
        Assert.Empty(Hot().For(30, PolicySet.Empty, script: (20, loop => loop.ReplacePolicies(Some.Policies(TidyAt(12, 10))))).Journal(JournalKind.Decision));

    [Fact]
    public void A_schedule_loaded_before_its_time_fires() =>
        Assert.Single(Hot().For(30, PolicySet.Empty, script: (20, loop => loop.ReplacePolicies(Some.Policies(TidyAt(12, 25))))).Journal(JournalKind.Decision));

    [Fact]
    public void A_schedule_replaced_at_its_very_instant_fires_once()
    {
        var run = Hot().For(30, Some.Policies(TidyAt(12, 10)), script: (10, loop => loop.ReplacePolicies(Some.Policies(TidyAt(12, 10)))));

        Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Decision);
    }

    [Fact]
    public void A_server_killed_in_the_middle_of_a_move_sees_it_through_when_it_is_back_and_its_rule_goes_on()
    {
        var run = Hot();
        run.World.FateOf = _ => MigrationFate.Fails;
        run.For(10.2, Some.Policies(Relieve(TenMinutes)), kill: true);
        Assert.Single(run.Calls);

        run.World.FateOf = _ => MigrationFate.Moves;
        run.For(20, Some.Policies(Relieve(TenMinutes)));

        Assert.Equal("failed", run.Store.Journal.First(e => e.Kind == JournalKind.Ended).Outcome);
        Assert.Equal("migrate vm a from h1 to h2: begun by the last run and seen through: it still runs on h1", run.Store.Journal.First(e => e.Kind == JournalKind.Ended).Text);
        Assert.Equal(2, run.Calls.Count);
    }

    [Fact]
    public void A_restart_keeps_a_clock_and_does_not_count_the_time_between()
    {
        var run = Hot();
        run.For(6, Some.Policies(Relieve(TenMinutes)));
        run.Time.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        run.Time.FireNext();
        run.For(20, Some.Policies(Relieve(TenMinutes)));

        // Five of ten minutes were measured, up to the last poll at 12:05; the second server starts at 13:06.
        Assert.Equal("13:11:00 migrate a to h2", run.Calls[0]);
    }

    /// <summary>Eight of the ten polls have to be there: two that a short restart cost are no harm, and after a long one the window fills anew.</summary>
    [Theory]
    [InlineData(1, "12:19:00")]
    [InlineData(30, "12:53:00")]
    public void A_window_goes_on_after_a_restart_as_far_as_what_was_measured_before_is_enough(double minutesDown, string fires)
    {
        var mean = new Condition.Comparison(
            new Quantity.OverTime(TimeFunction.Avg, PolicyAttribute.HostCpu, TenMinutes, Unit.Percent, "avg(host.cpu, 10m)"), ComparisonOperator.Greater, new Quantity.Constant(75, Unit.Percent, "75%"), "avg(host.cpu, 10m) > 75%");
        var policies = Some.Policies(Some.When("relieve", mean, TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu)));
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", 4, vcpus: 4), Some.Vm("b", "h1", 4, vcpus: 3)], (_, at) => at >= Run.Start.AddMinutes(11) ? 100 : 5);
        run.For(15.5, policies);
        var until = run.Time.GetUtcNow().AddMinutes(minutesDown);
        run.Time.CreateTimer(_ => { }, null, TimeSpan.FromMinutes(minutesDown), Timeout.InfiniteTimeSpan);
        while (run.Time.GetUtcNow() < until) run.Time.FireNext();

        run.For(40, policies);

        Assert.StartsWith(fires, run.Journal(JournalKind.Decision).First());
    }

    [Fact]
    public void After_the_store_refused_an_append_nothing_is_begun_before_a_look_has_written_how_all_ended()
    {
        var run = new Run(
            [Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1"), Some.Vm("b", "h1"), Some.Vm("c", "h1"), Some.Vm("d", "h1"), Some.Vm("x", "h2", 40)], (_, _) => 10);
        run.Store.Refuses = (_, entries) => entries.Any(e => e.Kind == JournalKind.Ended) && !run.Store.HasRefused;
        run.For(20, Some.Policies(Some.Every("tidy", TimeSpan.FromMinutes(2), new PolicyAction.Consolidate())));

        // Two run when the end of one is refused; the other two wait for the look after the one that finds the store well.
        Assert.Equal(["12:02:00", "12:02:00", "12:04:00", "12:04:00"], run.Calls.Take(4).Select(c => c[..8]));
        Assert.Null(run.Loop.Executor.HaltedBecause);
        Assert.Equal(4, run.Store.Journal.Count(e => e is { Kind: JournalKind.Ended, Outcome: "succeeded" }));
    }

    /// <param name="seconds">Of the start, beside 12:00.</param>
    private static Run Hot(double seconds = 0) => new(
        [Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", 4, vcpus: 4), Some.Vm("b", "h1", 4, vcpus: 3), Some.Vm("x", "h2", 6, 1)],
        (vm, at) => at >= Run.Start ? (vm == "x" ? 0 : 100) : 5, Run.Start.AddSeconds(seconds));
}
