using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Loop;

/// <summary>Drills on Tuesdays at 04:00, of hosts that were off for twelve hours. The run begins on Monday at noon: h1 is on, all others are off.</summary>
public class WakeDrillTests
{
    private static readonly WakeDrill Drill = new(new Trigger.At([new TimeOnly(4, 0)], DaysOfWeek.Tuesday), TimeSpan.FromHours(12));

    [Fact]
    public void A_host_that_was_off_for_long_is_woken_looked_over_and_put_off_again()
    {
        var run = Site(2).For(24 * 60, Some.Policies());

        Assert.Equal(["04:00:00 on h2", "04:07:00 off h2"], run.Calls);
        Assert.Contains("04:00:00 wake drill: host h2 fires on host/h2: it has been off for 16h", run.Journal(JournalKind.Decision));
        Assert.Contains("04:02:00 host h2: booting -> on: it answers", run.Journal(JournalKind.Host));
    }

    [Fact]
    public void One_that_does_not_come_up_has_failed_and_people_are_told()
    {
        var run = Site(2);
        run.World.NeverBoots.Add("h2");
        run.For(24 * 60, Some.Policies());

        Assert.Equal(["04:00:00 on h2"], run.Calls);
        Assert.Equal(HostPhase.Failed, run.Loop.Executor.Lives.Current["h2"].Phase);
        Assert.Single(run.Outside!.Told);
    }

    [Fact]
    public void Four_at_a_time_and_all_of_them_in_the_end()
    {
        var run = Site(7).For(24 * 60, Some.Policies());

        Assert.Equal(["h2", "h3", "h4", "h5", "h6", "h7"], run.Calls.Where(c => c.Contains(" on ", StringComparison.Ordinal)).Select(c => c[^2..]));
        Assert.Equal(4, run.Calls.TakeWhile(c => c.Contains(" on ", StringComparison.Ordinal)).Count());
        Assert.Equal(1, run.World.Hosts.Values.Count(h => h.State == HostState.On));
    }

    [Fact]
    public void A_host_in_a_drill_takes_no_vm()
    {
        var run = Site(2, load: at => at.Hour == 4 ? 95 : 10);
        run.For(24 * 60, Some.Policies(Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu))));

        Assert.Equal(["04:00:00 on h2", "04:07:00 off h2"], run.Calls);
    }

    [Theory]
    [InlineData(RuleMode.Observe)]
    [InlineData(RuleMode.Recommend)]
    public void A_server_that_may_only_watch_or_recommend_holds_none(RuleMode mode)
    {
        var run = Site(2);
        run.Options = run.Options with { Mode = mode };
        Assert.Empty(run.For(24 * 60, Some.Policies()).Calls);
    }

    [Fact]
    public async Task One_that_has_not_been_off_for_long_or_is_kept_off_by_an_order_is_left_alone()
    {
        var run = Site(3);
        await run.Store.SaveOrdersAsync([new HostOrder("h3", HostOrderKind.ShutDown, HostOrderPhase.Off, "manual", Run.Start)], default);
        run.For(24 * 60, Some.Policies(), script: [(60 * 10, _ => run.World.Become("h2", HostState.On)), (60 * 11, _ => run.World.Become("h2", HostState.Off))]);

        Assert.Empty(run.Calls);
    }

    /// <summary>While it boots, and while it waits to have been idle for long enough; killed, or shut down in order.</summary>
    [Theory]
    [InlineData(16 * 60 + 1.0, true)]
    [InlineData(16 * 60 + 1.0, false)]
    [InlineData(16 * 60 + 4.0, true)]
    [InlineData(16 * 60 + 4.0, false)]
    public void A_drill_that_a_restart_falls_into_is_finished_after_it(double minutes, bool kill)
    {
        var run = Site(2);
        run.For(minutes + 0.5, Some.Policies(), kill);
        run.For(60, Some.Policies());

        Assert.Equal(["on h2", "off h2"], run.Calls.Select(c => c[9..]));
        Assert.Contains(run.Journal(JournalKind.Decision), d => d.EndsWith("wake drill: host h2 fires on host/h2: the server was restarted in the middle of its drill", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Loop.Executor.Lives.Current.Values, l => l.InDrill);
    }

    /// <summary>It is for the hours in which nobody needs the hosts: the disk was full until the morning.</summary>
    [Fact]
    public void One_whose_time_passed_while_the_server_could_not_act_is_told_and_not_held_late()
    {
        var run = Site(2);
        run.Store.Refuses = (_, _) => run.Time.GetUtcNow() >= Run.Start.AddHours(15) && run.Time.GetUtcNow() < Run.Start.AddHours(20);
        run.For(24 * 60, Some.Policies(), script: [(15 * 60 + 1, async loop => await Assert.ThrowsAsync<StoreUnavailableException>(() => loop.Operators.OrderAsync(new ManualOrder.Release("h1"), "ann", null)))]);

        Assert.Empty(run.Calls);
        Assert.Contains(run.Journal(JournalKind.Refusal), t => t.EndsWith(" wake drill: its time, 2026-01-06 04:00:00, passed 4h1m ago while the server did not act; it is not made up for", StringComparison.Ordinal));
    }

    [Fact]
    public void A_host_in_a_drill_takes_no_vm_after_a_restart_either()
    {
        var run = Site(2, load: at => at.Hour == 4 ? 95 : 10);
        var relieve = Some.Policies(Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu)));
        run.For(16 * 60 + 4.5, relieve, kill: true);
        run.For(30, relieve);

        Assert.Equal(["on h2", "off h2"], run.Calls.Select(c => c[9..]));
    }

    [Theory]
    [InlineData(false, "no drills are held any more")]
    [InlineData(true, "host/h2 is held by anna until 2026-01-06 05:05:00 UTC: under repair")]
    public async Task One_that_may_not_be_finished_is_given_up_and_the_journal_says_so(bool held, string because)
    {
        var run = Site(2);
        run.For(16 * 60 + 4.5, Some.Policies(), kill: true);
        if (held) await run.Store.SaveOperatorHoldsAsync([new OperatorHold(SubjectRef.Host("h2"), "anna", "under repair", run.Time.GetUtcNow(), Run.Start.AddMinutes(17 * 60 + 5))], new JournalEntry(run.Time.GetUtcNow(), JournalKind.Decision, "hold host/h2"), default);
        else run.Options = run.Options with { Drill = null };
        run.For(30, Some.Policies());

        Assert.Equal(["04:00:00 on h2"], run.Calls);
        Assert.Contains(run.Journal(JournalKind.Host), e => e.EndsWith($"host h2: the drill that the server was restarted in is given up, as {because}; it is on like any other host now", StringComparison.Ordinal));
        Assert.Equal(HostState.On, run.Loop.FactsNow().Site.Host("h2").State);
    }

    private static Run Site(int hosts, Func<DateTimeOffset, double>? load = null)
    {
        var run = new Run(
            Enumerable.Range(1, hosts).Select(i => Some.Host($"h{i}", i == 1 ? HostState.On : HostState.Off) with { BootTime = TimeSpan.FromMinutes(2) }),
            [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, at) => load?.Invoke(at) ?? 10);
        run.Options = run.Options with { Drill = Drill };
        return run;
    }
}
