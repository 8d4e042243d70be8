using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary>Hosts that are powered off, or taken into maintenance, by hand: off for as long as was ordered, and not for longer.</summary>
public class ManualPowerTests
{
    private static readonly Rule Even = Some.Every("even", TimeSpan.FromMinutes(2), new PolicyAction.Balance(Resource.Memory, 5));

    [Fact]
    public void A_host_that_is_off_for_a_time_is_kept_off_for_longer_when_that_is_ordered()
    {
        var run = Orders.ThreeHosts();
        run.For(60, PolicySet.Empty, script:
        [
            (3.5, new Orders().Give(new ManualOrder.PowerOff("h1", TimeSpan.FromMinutes(30), MoveVms: true))),
            (20.5, new Orders().Give(new ManualOrder.PowerOff("h1", TimeSpan.FromMinutes(60), MoveVms: true))),
        ]);
        Assert.Equal(HostState.Off, run.World.Hosts["h1"].State);

        run.For(40, PolicySet.Empty);
        Assert.Equal(["a", "b"], run.World.VmsOn("h1"));
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    [Fact]
    public void A_host_is_powered_off_once_it_is_empty_and_kept_off_until_it_is_powered_on_by_hand()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();
        var wake = Some.Every("wake", TimeSpan.FromMinutes(7), new PolicyAction.PowerOn(1));

        run.For(40, Some.Policies(wake), script: [(3.5, orders.Give(new ManualOrder.PowerOff("h1", null, MoveVms: true)))]);
        Assert.Equal(HostState.Off, run.World.Hosts["h1"].State);
        Assert.DoesNotContain(run.Calls, c => c.EndsWith("on h1", StringComparison.Ordinal));

        run.For(10, PolicySet.Empty, script: [(3.5, orders.Give(new ManualOrder.PowerOn("h1")))]);
        Assert.Equal(HostState.On, run.World.Hosts["h1"].State);
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    [Fact]
    public void Power_on_before_its_time_brings_the_vms_back_too()
    {
        var run = Orders.ThreeHosts();
        run.For(30, PolicySet.Empty, script: [(3.5, new Orders().Give(new ManualOrder.PowerOff("h1", TimeSpan.FromHours(5), MoveVms: true)))]);
        Assert.Equal(HostState.Off, run.World.Hosts["h1"].State);

        run.For(20, PolicySet.Empty, script: [(3.5, new Orders().Give(new ManualOrder.PowerOn("h1")))]);

        Assert.Equal(["a", "b"], run.World.VmsOn("h1"));
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    /// <summary>Somebody works on the machine: it is switched off and on under his hands, and stays his.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(10)]
    public void A_host_in_maintenance_is_in_maintenance_again_once_it_was_off(int? minutesOff)
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();
        run.For(20, Some.Policies(Even), script:
        [
            (3.5, orders.Give(new ManualOrder.Maintenance("h1", TimeSpan.FromMinutes(90)), "new fan")),
            (9.5, orders.Give(new ManualOrder.PowerOff("h1", minutesOff is { } m ? TimeSpan.FromMinutes(m) : null, MoveVms: false))),
        ]);
        Assert.Contains(run.Calls, c => c.Contains("off h1", StringComparison.Ordinal));

        run.For(40, Some.Policies(Even), kill: true, script: minutesOff is null ? [(3.5, orders.Give(new ManualOrder.PowerOn("h1")))] : []);

        Assert.Equal(HostState.On, run.World.Hosts["h1"].State);
        var kept = run.Loop.Executor.Orders.Current["h1"];
        Assert.Equal((HostOrderKind.Maintenance, "ann", "new fan", Run.Start.AddMinutes(93.5)), (kept.Kind, kept.By, kept.Because, kept.EndsAt));
        Assert.Empty(run.World.VmsOn("h1"));

        run.For(60, Some.Policies(Even));
        Assert.Empty(run.Loop.Executor.Orders.Current);
        Assert.NotEmpty(run.World.VmsOn("h1"));
    }

    [Fact]
    public void A_maintenance_whose_time_ended_while_the_host_was_off_is_over()
    {
        var run = Orders.ThreeHosts();
        run.For(40, PolicySet.Empty, script:
        [
            (3.5, new Orders().Give(new ManualOrder.Maintenance("h1", TimeSpan.FromMinutes(15)))),
            (9.5, new Orders().Give(new ManualOrder.PowerOff("h1", null, MoveVms: false))),
        ]);
        Assert.Equal(HostState.Off, run.World.Hosts["h1"].State);

        run.For(10, PolicySet.Empty, script: [(3.5, new Orders().Give(new ManualOrder.PowerOn("h1")))]);
        Assert.Equal(HostState.On, run.World.Hosts["h1"].State);
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    /// <summary>It was to go off once it had been empty for eight minutes.</summary>
    [Fact]
    public void A_host_that_is_released_before_it_went_off_stays_on()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();
        run.Options = run.Options with { Executor = run.Options.Executor with { IdleTime = TimeSpan.FromMinutes(8) } };

        run.For(30, PolicySet.Empty, script: [(3.5, orders.Give(new ManualOrder.PowerOff("h3", null, true))), (6.5, orders.Give(new ManualOrder.Release("h3")))]);

        Assert.Equal(HostState.On, run.World.Hosts["h3"].State);
        Assert.DoesNotContain(run.Asked, a => a.What == "off");
        Assert.Contains(run.Journal(JournalKind.Refusal), t => t.EndsWith("power off host h3: the order that it was to go off by has ended", StringComparison.Ordinal));
    }

    /// <summary>One of its VMs fits nowhere. Whoever set the end was told that the host is there again by then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_time_off_ends_also_where_the_host_could_not_be_emptied_until_then(bool inMaintenance)
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2", gib: 16)], [Some.Vm("a", "h1", 4), Some.Vm("large", "h1", 40)], (_, _) => 10);
        run.For(40, PolicySet.Empty, script:
        [
            (1.5, loop => { if (inMaintenance) new Orders().Give(new ManualOrder.Drain("h1", null), "new fan")(loop); }),
            (3.5, new Orders().Give(new ManualOrder.PowerOff("h1", TimeSpan.FromMinutes(20), MoveVms: true))),
        ]);

        Assert.Equal(["large"], run.Loop.FactsNow().Site.VmsOn("h1").Select(v => v.Name).Where(n => n == "large"));
        if (inMaintenance)
        {
            Assert.Equal(("keep host h1 drained", "new fan"), (run.Loop.Executor.Orders.Current["h1"].ToString(), run.Loop.Executor.Orders.Current["h1"].Because));
            Assert.Equal(["large"], run.World.VmsOn("h1"));
        }
        else
        {
            Assert.Empty(run.Loop.Executor.Orders.Current);
            Assert.Equal(["a", "large"], run.World.VmsOn("h1"));
        }

        Assert.Contains(run.Journal(JournalKind.Begun), t => t.StartsWith("12:24:00 ", StringComparison.Ordinal) && t.EndsWith("(order: shut down host h1: its time off ended at 12:23:30, before it was off)", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Asked, a => a.What == "off");
    }

    [Fact]
    public void A_host_whose_time_off_ends_while_it_is_waited_for_does_not_go_off()
    {
        var run = Orders.ThreeHosts();
        run.Options = run.Options with { Executor = run.Options.Executor with { IdleTime = TimeSpan.FromMinutes(15) } };

        run.For(40, PolicySet.Empty, script: [(3.5, new Orders().Give(new ManualOrder.PowerOff("h1", TimeSpan.FromMinutes(10), MoveVms: true)))]);

        Assert.DoesNotContain(run.Asked, a => a.What == "off");
        Assert.Contains(run.Journal(JournalKind.Refusal), t => t.EndsWith("power off host h1: its time off ended at 12:13:30", StringComparison.Ordinal));
        Assert.Empty(run.Loop.Executor.Orders.Current);
        Assert.Equal(["a", "b"], run.World.VmsOn("h1"));
    }

    /// <summary>Its BMC has the order: opening it does not keep it on.</summary>
    [Fact]
    public void A_host_that_is_released_while_it_goes_off_is_said_to_go_off()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();
        run.World.Asked += (what, _, _) => { if (what == "off") run.Time.CreateTimer(_ => orders.Give(new ManualOrder.Release("h3"))(run.Loop), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan); };

        run.For(30, PolicySet.Empty, script: [(3.5, orders.Give(new ManualOrder.PowerOff("h3", null, true)))]);

        Assert.Equal(HostState.Off, run.World.Hosts["h3"].State);
        Assert.Single(run.Journal(JournalKind.Ended), t => t.EndsWith(" open host h3: done; it is being powered off, and is off then until it is powered on", StringComparison.Ordinal));
    }

    /// <summary>Its BMC says that it is off, and its hypervisor answers. It is not told again before it surely would have gone, and opening it does not open it.</summary>
    [Fact]
    public void Of_a_host_that_may_still_go_off_it_is_told_once_why_and_until_when_it_is_closed()
    {
        var run = Orders.ThreeHosts();
        run.World.BmcLies.Add("h3");
        var (during, after) = (default(SiteFacts), default(SiteFacts));

        run.For(21, PolicySet.Empty, script: [
            (3.5, new Orders().Give(new ManualOrder.PowerOff("h3", null, true))),
            (12.2, new Orders().Give(new ManualOrder.Release("h3"))),
            (12.5, loop => during = loop.FactsNow()),
            (20, loop => after = loop.FactsNow())]);

        const string Why = "it may still go off (at 2026-01-05 12:05:00 UTC: it is off, its power control says, and its hypervisor answers), and is closed until 2026-01-05 12:15:00 UTC";
        Assert.Equal(["off"], run.Asked.Select(a => a.What));
        Assert.Contains($"{Why}; then it is told again", Assert.Single(run.Journal(JournalKind.Refusal)));
        Assert.Contains($"12:12:12 open host h3: done; {Why}", run.Journal(JournalKind.Ended));
        Assert.Equal((HostState.Draining, Why), (during!.Site.Host("h3").State, $"it {during.MayGoOff["h3"]}"));
        Assert.Equal((HostState.On, 0), (after!.Site.Host("h3").State, after.MayGoOff.Count));
    }

    /// <summary>Somebody is about to open its case.</summary>
    [Fact]
    public void A_host_that_somebody_takes_into_maintenance_is_not_switched_off_by_the_rule_that_waits_for_it()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();
        run.Options = run.Options with { Executor = run.Options.Executor with { IdleTime = TimeSpan.FromMinutes(8) } };

        run.For(30, Some.Policies(Some.At("save", new(12, 6), DaysOfWeek.Daily, new PolicyAction.PowerOffIdle(0))), script: [(6.5, orders.Give(new ManualOrder.Maintenance("h3", null)))]);

        Assert.Equal(HostState.On, run.World.Hosts["h3"].State);
        Assert.Equal(HostOrderKind.Maintenance, run.Loop.Executor.Orders.Current["h3"].Kind);
    }

    /// <summary>It is told to shut down at 12:10, and two minutes later still on.</summary>
    [Theory]
    [InlineData(true, "its power is not cut: ann has ordered since, at 2026-01-05 12:11:00 UTC: enter maintenance host h3")]
    [InlineData(false, "its power is not cut: host/h3 is held by ann until 2026-01-05 13:00:00 UTC: wait")]
    public void The_power_of_a_host_that_somebody_closes_or_holds_meanwhile_is_not_cut(bool closes, string why)
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();
        run.World.IgnoresShutdown.Add("h3");

        run.For(20, Some.Policies(Some.At("save", new(12, 10), DaysOfWeek.Daily, new PolicyAction.PowerOffIdle(0))), script:
            [(11, closes ? orders.Give(new ManualOrder.Maintenance("h3", null)) : async loop => await loop.Operators.HoldAsync(new OperatorHold(SubjectRef.Host("h3"), "ann", "wait", Run.Start, Run.Start.AddHours(1))))]);

        Assert.Equal(["off"], run.Asked.Select(a => a.What));
        Assert.EndsWith(why, Assert.Single(run.Store.Journal, e => e.Kind == JournalKind.Ended && e.Text.StartsWith("power off", StringComparison.Ordinal)).Text);
    }
}
