using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;

namespace Ulm.Engine.Tests.Loop;

/// <summary>A host goes off only when its hypervisor said, after it was closed, that it runs nothing.</summary>
public class PowerFaultsTests
{
    private static readonly PolicySet Off = Some.Policies(Some.At("off", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOffIdle(0)));
    private static readonly Rule Relieve = Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu));
    private static readonly PolicySet On = Some.Policies(Some.At("on", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOn(1)));

    [Fact]
    public void An_idle_host_goes_off()
    {
        var run = TwoHosts().For(15, Off);

        Assert.Equal(["12:10:00 off h2"], run.Calls);
        Assert.Equal(["12:10:30 power off host h2: it is off"], run.Journal(JournalKind.Ended));
    }

    [Fact]
    public void A_host_has_to_be_idle_for_five_minutes_first() =>
        Assert.Equal(["12:05:00 off h2"], TwoHosts().For(15, Some.Policies(Some.Every("off", TimeSpan.FromMinutes(2), new PolicyAction.PowerOffIdle(0)))).Calls);

    [Fact]
    public void A_vm_that_nobody_has_polled_yet_keeps_its_host_on()
    {
        var run = TwoHosts();
        run.World.ObservationTakes = () => TimeSpan.FromSeconds(10);
        run.For(15, Off, script: (10.1, _ => run.World.Put(Some.Vm("new", "h2"))));

        Assert.Empty(run.Calls);
        Assert.Contains(run.Journal(JournalKind.Refusal), t => t.EndsWith("power off host h2: its hypervisor says that 1 VM(s) run there: new", StringComparison.Ordinal));
    }

    [Fact]
    public void A_vm_that_starts_while_the_intention_is_written_keeps_its_host_on()
    {
        var run = TwoHosts();
        run.Store.AppendTakes = TimeSpan.FromSeconds(10);
        run.For(15, Off, script: (10.3, _ => run.World.Put(Some.Vm("new", "h2"))));

        Assert.Empty(run.Calls);
        Assert.Equal(HostState.On, run.World.Hosts["h2"].State);
    }

    [Fact]
    public void A_hypervisor_that_does_not_answer_keeps_its_host_on()
    {
        var run = TwoHosts();
        run.For(15, Off, script: (9.5, _ => run.World.Silent.Add("h2")));

        Assert.Empty(run.Calls);
    }

    [Fact]
    public void Somebody_is_told_of_a_host_that_does_not_go_off_and_is_to_be_left_on()
    {
        var run = TwoHosts();
        run.World.IsLeftOn.Add("h2");
        run.For(15, Off);

        Assert.Equal(["12:10:00 off h2"], run.Calls);
        Assert.Equal(["host h2 was to be powered off and is left on: h2 is still on; its power is not cut"], run.Outside!.Told.Select(t => t.Text));
    }

    [Fact]
    public void A_host_that_ignores_the_order_is_cut_only_after_it_was_asked_again()
    {
        var run = TwoHosts();
        run.World.IgnoresShutdown.Add("h2");
        run.For(15, Off);

        Assert.Equal(["12:10:00 off h2", "12:12:00 cut h2"], run.Calls);
    }

    [Fact]
    public void A_vm_that_starts_while_a_host_ignores_the_order_keeps_its_power_on()
    {
        var run = TwoHosts();
        run.World.IgnoresShutdown.Add("h2");
        run.For(15, Off, script: (11, _ => run.World.Put(Some.Vm("new", "h2"))));

        Assert.Equal(["12:10:00 off h2"], run.Calls);
        Assert.Contains(run.Journal(JournalKind.Ended), t => t.Contains("its power is not cut: its hypervisor says that 1 VM(s) run there: new", StringComparison.Ordinal));
    }

    /// <summary>The BMC has the order: the host goes off whatever becomes of the server.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_host_that_was_told_to_go_off_takes_no_vm_after_a_restart(bool kill)
    {
        var run = LoadedFrom(minute: 9);
        run.World.IgnoresShutdown.Add("h2");
        run.For(10.2, Off, kill);
        run.For(6, Some.Policies(Relieve));

        Assert.Equal(["12:10:00 off h2"], run.Calls);
    }

    /// <summary>Its BMC failed, as far as anybody was told, and carries the order out four minutes later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_host_that_a_late_bmc_may_power_off_yet_takes_no_vm_after_a_restart(bool kill)
    {
        var run = LoadedFrom(minute: 9);
        run.World.BmcIsLate.Add("h2");
        run.For(10.2, Off, kill);
        run.For(20, Some.Policies(Relieve));

        Assert.Equal(["12:10:00 off h2"], run.Calls);
        Assert.Equal(["a", "b"], run.World.Vms.Keys);
    }

    /// <summary>Whatever spoke against it in the last moment, nobody has an order that could be carried out late.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_host_whose_bmc_was_told_nothing_is_as_open_as_before(bool restart)
    {
        var run = TwoHosts();
        run.Store.AppendTakes = TimeSpan.FromSeconds(10);
        run.For(restart ? 10.6 : 13, Off, script: [(10.3, _ => run.World.Put(Some.Vm("new", "h2"))), (10.5, _ => run.World.Stop("new"))]);
        if (restart) run.For(2, PolicySet.Empty);

        Assert.Empty(run.Calls);
        var end = run.Store.Journal.Single(e => e.Kind == JournalKind.Ended);
        Assert.Equal(("power off host h2: its hypervisor says that 1 VM(s) run there: new", "ULM6218"), (end.Text, end.Outcome));
        Assert.Empty(run.Loop.FactsNow().MayGoOff);
        Assert.Equal(HostState.On, run.Loop.FactsNow().Site.Host("h2").State);
    }

    [Fact]
    public void A_host_that_could_not_be_told_to_go_is_as_open_as_before()
    {
        var run = TwoHosts();
        run.World.CantBeTold.Add("h2");
        run.For(13, Off);

        Assert.Equal(["12:10:00 power off host h2: ipmitool can't be run"], run.Journal(JournalKind.Ended));
        Assert.Empty(run.Loop.FactsNow().MayGoOff);
    }

    /// <summary>The first look of a run stands for the minute before its start: nothing that it closes ended then.</summary>
    [Fact]
    public void What_a_restarted_server_abandons_ends_after_it_was_begun_and_not_before_the_server_was_started()
    {
        var run = TwoHosts();
        run.Store.AppendTakes = TimeSpan.FromSeconds(5);
        run.World.IgnoresShutdown.Add("h2");
        run.For(10.5, Off, kill: true);
        var restarted = run.Time.GetUtcNow();
        run.For(2, PolicySet.Empty);

        Assert.True(restarted > Run.Start.AddMinutes(10).AddSeconds(5));
        var begun = run.Store.Journal.Single(e => e.Kind == JournalKind.Begun);
        Assert.Equal(Run.Start.AddMinutes(10).AddSeconds(5), begun.At);
        Assert.Equal(restarted, run.Store.Journal.Single(e => e.Outcome == "abandoned").At);
    }

    [Fact]
    public void A_host_that_takes_long_to_shut_down_stays_closed_for_as_long_as_it_may_take()
    {
        var run = LoadedFrom(minute: 9);
        run.Options = run.Options with { MayGoOffFor = TimeSpan.FromMinutes(30) };
        run.World.IgnoresShutdown.Add("h2");
        run.For(10.2, Off, kill: true);
        run.For(35, Some.Policies(Relieve));

        var moved = Assert.Single(run.Asked, a => a.What == "migrate").At;
        Assert.InRange(moved, Run.Start.AddMinutes(40), Run.Start.AddMinutes(46));
    }

    /// <summary>How long it may take is no matter of what the clock says: set forward, the host would be open at once, and go off under what came to it.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public void A_host_that_may_go_off_late_stays_closed_for_as_long_whatever_the_clock_is_set_to(int minutes)
    {
        var run = LoadedFrom(minute: 11);
        run.World.BmcIsLate.Add("h2");
        run.For(30, Some.Policies(Off.Rules[0], Relieve), script: (11.1, _ => run.World.Clock.IsOff = TimeSpan.FromMinutes(minutes)));

        Assert.Equal(["12:10:00 off h2"], run.Calls.Take(1));
        Assert.Equal(HostState.Off, run.World.Hosts["h2"].State);
        Assert.DoesNotContain(run.Asked, c => c.What == "migrate");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public void A_host_does_not_fail_to_wake_by_the_clock_being_set(int minutes)
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2", HostState.Off)], [Some.Vm("a", "h1")], (_, _) => 10);
        run.World.BootTakes = TimeSpan.FromMinutes(4);
        run.For(20, Some.Policies(Some.At("wake", new TimeOnly(12, 3), DaysOfWeek.Daily, new PolicyAction.PowerOn(1))), script: (4.5, _ => run.World.Clock.IsOff = TimeSpan.FromMinutes(minutes)));

        Assert.Equal(HostPhase.On, run.Loop.Executor.Lives.Current["h2"].Phase);
        Assert.Equal("power on host h2: it answers after 4m", run.Store.Journal.Single(e => e.Kind == JournalKind.Ended).Text);
    }

    /// <summary>Told to shut down, and then nothing may be done any more: it may go off yet.</summary>
    [Fact]
    public void A_host_whose_power_may_not_be_cut_any_more_stays_closed()
    {
        var run = LoadedFrom(minute: 11);
        run.Options = run.Options with { Lease = new LeaseOptions("node1:1") };
        run.World.IgnoresShutdown.Add("h2");
        run.For(20, Some.Policies(Off.Rules[0], Relieve), script: [(11, _ => run.Store.RefusesOrders = true), (12.1, _ => run.Store.RefusesOrders = false)]);

        Assert.Equal(["12:10:00 off h2"], run.Calls);
        var end = Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Ended);
        Assert.Equal(("in doubt", "power off host h2: h2 is still on; its power is not cut: the lease could not be renewed in time: another server may act on this site"), (end.Outcome, end.Text));
    }

    /// <summary>Nobody is told that what was done was refused.</summary>
    [Fact]
    public async Task A_host_that_went_off_is_off_though_its_life_could_not_be_kept_at_once()
    {
        var run = TwoHosts();
        run.Store.RefusesLives = lives => run.Time.GetUtcNow() < Run.Start.AddMinutes(10.9) && lives.Any(l => l.Phase == HostPhase.Off);
        run.For(15, Off);

        Assert.Equal(["12:10:30 power off host h2: it is off"], run.Journal(JournalKind.Ended));
        Assert.Equal(HostPhase.Off, Assert.Single(await run.Store.LoadLivesAsync(default), l => l.Host == "h2").Phase);
        Assert.Empty(run.Journal(JournalKind.Refusal));
    }

    /// <summary>By itself, between the look that showed it empty and the order: it is off already, which is no fault of the server's.</summary>
    [Theory]
    [InlineData(10.5)]
    [InlineData(11.8)]
    [InlineData(12)]
    [InlineData(12.5)]
    public void A_host_that_loses_its_power_right_before_the_order_ends_the_step_and_nothing_else(double minute)
    {
        var run = TwoHosts();
        run.Store.AppendTakes = TimeSpan.FromSeconds(90);
        run.For(30, Off, script: (minute, _ => run.World.PullPlug("h2")));

        Assert.Empty(run.Calls);
        Assert.Single(run.Store.Journal, e => e is { Step: not null, Kind: JournalKind.Ended or JournalKind.Refusal });
        Assert.Equal(HostPhase.Off, run.Loop.Executor.Lives.Current["h2"].Phase);
    }

    [Fact]
    public void One_missed_poll_does_not_call_off_the_night()
    {
        var run = TwoHosts();
        run.For(25, Some.Policies(Some.At("off", new TimeOnly(12, 2), DaysOfWeek.Daily, new PolicyAction.PowerOffIdle(0))),
            script: [(2.5, _ => run.World.Silent.Add("h2")), (3.5, _ => run.World.Silent.Remove("h2"))]);

        Assert.Equal("off h2", Assert.Single(run.Calls)[9..]);
    }

    [Fact]
    public void A_bmc_that_refuses_is_told()
    {
        var run = TwoHosts();
        run.World.BmcRefuses.Add("h2");
        run.For(15, Off);

        Assert.Equal(["12:10:00 power off host h2: the BMC of h2 refuses"], run.Journal(JournalKind.Ended));
        Assert.True(run.Loop.Executor.IsIdle);
    }

    [Fact]
    public void A_host_that_never_boots_is_told()
    {
        var run = TwoHosts(HostState.Off);
        run.World.NeverBoots.Add("h2");
        run.For(30, On);

        Assert.Equal(["12:21:00 power on host h2: it does not answer after 11m"], run.Journal(JournalKind.Ended));
    }

    [Fact]
    public void A_host_that_boots_is_told()
    {
        var run = TwoHosts(HostState.Off).For(30, On);

        Assert.Equal(["12:10:00 on h2"], run.Calls);
        Assert.Equal(["12:12:00 power on host h2: it answers after 2m"], run.Journal(JournalKind.Ended));
    }

    /// <summary>A poll that was under way when the first went off still shows it on: it must not count as one of those that are.</summary>
    [Fact]
    public void A_host_that_just_went_off_does_not_count_as_on()
    {
        var hungry = new PowerCurve([.. Enumerable.Repeat(500.0, PowerCurve.Points)], 0);
        var run = new Run([Some.Host("h1"), Some.Host("h2") with { Power = hungry }, Some.Host("h3")], [Some.Vm("a", "h1"), Some.Vm("b", "h2")], (_, _) => 10);
        run.Options = run.Options with { Executor = run.Options.Executor with { IdleTime = TimeSpan.Zero } };
        run.World.ObservationTakes = () => TimeSpan.FromSeconds(20);
        run.Store.AppendTakes = TimeSpan.FromSeconds(6);
        // The first goes off from 12:10:32 to 12:11:02, within the poll of 12:11:00 to 12:11:20; meanwhile the second falls empty.
        run.For(20, Some.Policies(Some.Every("off", TimeSpan.FromMinutes(1), new PolicyAction.PowerOffIdle(0))) with { Constraints = [Some.AlwaysKeepOn(2)] },
            script: (1.9, _ => run.World.Put(run.World.Vms["b"] with { Host = "h1" })));

        Assert.Equal(2, run.World.Hosts.Values.Count(h => h.State == HostState.On));
    }

    [Fact]
    public void Shutting_the_server_down_does_not_leave_a_power_off_without_an_end()
    {
        var run = TwoHosts();
        run.For(10.2, Off);

        Assert.Equal(["12:10:00 off h2"], run.Calls);
        Assert.Equal("in doubt", Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Ended).Outcome);
    }

    /// <summary>A sentence that comes while the host waits to be idle holds from then on.</summary>
    [Fact]
    public void New_constraints_hold_for_steps_that_wait()
    {
        var run = TwoHosts();
        run.For(15, Some.Policies(Some.Every("off", TimeSpan.FromMinutes(2), new PolicyAction.PowerOffIdle(0))),
            script: (3, loop => loop.ReplacePolicies(PolicySet.Empty with { Constraints = [Some.AlwaysKeepOn(2)] })));

        Assert.Empty(run.Calls);
    }

    /// <summary>The first of two hosts has more load from then on than it should; the second is empty.</summary>
    private static Run LoadedFrom(double minute) =>
        new([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, at) => at >= Run.Start.AddMinutes(minute) ? 90 : 20);

    private static Run TwoHosts(HostState second = HostState.On) =>
        new([Some.Host("h1"), Some.Host("h2", second)], [Some.Vm("a", "h1")], (_, _) => 10);
}
