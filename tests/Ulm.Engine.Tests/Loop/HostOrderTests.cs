using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Loop;

/// <summary>Hosts that are closed, off or asleep until their time or somebody ends it, over looks and restarts.</summary>
public class HostOrderTests
{
    [Fact]
    public void A_drained_host_is_emptied_and_takes_nobody_until_it_is_released()
    {
        var run = Three();

        run.For(30, Some.Policies(Once("drain", new PolicyAction.Drain("h1")), Some.Every("even", TimeSpan.FromMinutes(5), new PolicyAction.Balance(Resource.Memory, 5))));

        Assert.Empty(run.World.VmsOn("h1"));
        Assert.Equal(HostOrderKind.Drained, Assert.Single(run.Loop.Executor.Orders.Current).Value.Kind);
        run.For(10, Some.Policies(Once("release", new PolicyAction.LeaveMaintenance("h1"), 32), Some.Every("even", TimeSpan.FromMinutes(3), new PolicyAction.Balance(Resource.Memory, 5))));
        Assert.NotEmpty(run.World.VmsOn("h1"));
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    [Fact]
    public void A_host_in_maintenance_stays_closed_over_a_restart()
    {
        var run = Three();
        run.For(10, Some.Policies(Once("maintain", new PolicyAction.EnterMaintenance("h1"))), kill: true);

        run.For(20, Some.Policies(Some.Every("even", TimeSpan.FromMinutes(5), new PolicyAction.Balance(Resource.Memory, 5))));

        Assert.Empty(run.World.VmsOn("h1"));
        Assert.Equal(HostState.Maintenance, run.Loop.FactsNow().Site.Host("h1").State);
    }

    [Fact]
    public void What_fits_nowhere_stays_and_goes_as_soon_as_there_is_room()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2", gib: 16)], [Some.Vm("a", "h1", 4), Some.Vm("large", "h1", 40)], (_, _) => 10);

        run.For(10, Some.Policies(Once("drain", new PolicyAction.Drain("h1"))));

        Assert.Equal(["large"], run.World.VmsOn("h1"));
        Assert.Contains(run.Journal(JournalKind.Refusal), t => t.EndsWith("vm large (40GiB): h2 memory 4GiB + 40GiB of 16GiB is over 95%", StringComparison.Ordinal));
        // Told once, not at every look.
        Assert.Equal(2, run.Journal(JournalKind.Refusal).Count(t => t.Contains("large")));
        run.World.Grow("h2", 64);
        run.For(5, PolicySet.Empty);
        Assert.Empty(run.World.VmsOn("h1"));
    }

    [Fact]
    public void A_host_is_shut_down_for_a_while_and_gets_its_vms_back()
    {
        var run = Three();

        run.For(30, Some.Policies(Once("down", new PolicyAction.ShutDown("h1", TimeSpan.FromMinutes(60)))));
        Assert.Equal(HostState.Off, run.World.Hosts["h1"].State);
        // A restart in between, and a rule that would like to have it on earlier.
        run.For(60, Some.Policies(Some.Every("wake", TimeSpan.FromMinutes(7), new PolicyAction.PowerOn(1))));

        Assert.Equal(HostState.On, run.World.Hosts["h1"].State);
        Assert.Equal(["a", "b"], run.World.VmsOn("h1"));
        Assert.Empty(run.Loop.Executor.Orders.Current);
        Assert.Single(run.Calls, c => c.EndsWith("on h1", StringComparison.Ordinal));
        Assert.True(run.Calls.FindIndex(c => c.EndsWith("on h1", StringComparison.Ordinal)) is var at && TimeSpan.Parse(run.Calls[at].Split(' ')[0]) >= TimeSpan.FromHours(13));
    }

    [Fact]
    public void A_host_that_must_stay_on_is_not_even_emptied()
    {
        var run = Three();

        run.For(10, Some.Policies(Once("down", new PolicyAction.ShutDown("h1", null))) with { Constraints = [Some.NeverPowerOff(new Selector.Exactly(["h1"]))] });

        Assert.Empty(run.Calls);
        Assert.Contains(run.Store.Journal, e => e.Outcome == "ULM6223");
    }

    [Fact]
    public void An_idle_host_is_suspended_and_woken_like_one_that_is_off()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1")], (_, _) => 10);

        run.For(20, Some.Policies(Once("sleep", new PolicyAction.SuspendIdle(0))));
        Assert.Contains("h2", run.World.Asleep);
        Assert.Equal(HostState.Off, run.Loop.FactsNow().Site.Host("h2").State);
        run.For(20, Some.Policies(Once("wake", new PolicyAction.PowerOn(1), 25)));

        Assert.Empty(run.World.Asleep);
        Assert.Equal(HostState.On, run.Loop.FactsNow().Site.Host("h2").State);
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    [Fact]
    public void A_host_that_can_t_suspend_says_so_and_stays_open()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1")], (_, _) => 10);
        run.World.CantSuspend.Add("h2");

        run.For(20, Some.Policies(Once("sleep", new PolicyAction.SuspendIdle(0))));

        Assert.Contains(run.Store.Journal, e => e.Kind == JournalKind.Ended && e.Text == "suspend host h2: h2 can't suspend");
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    [Fact]
    public void Hosts_are_powered_on_one_after_another_until_it_is_enough()
    {
        var hosts = new[] { Some.Host("h1"), Some.Host("h2", HostState.Off), Some.Host("h3", HostState.Off), Some.Host("h4", HostState.Off) };
        var run = new Run(hosts, [Some.Vm("a", "h1")], (_, _) => 10);
        var enough = new Condition.Comparison(new Quantity.Read(PolicyAttribute.ClusterHostsOn), ComparisonOperator.GreaterOrEqual, new Quantity.Constant(3, Unit.Count, "3"), "cluster.hosts.on >= 3");

        run.For(30, Some.Policies(Once("wake", new PolicyAction.PowerOnUntil(enough))));

        Assert.Equal(["on h2", "on h3"], run.Calls.Select(c => c[9..]));
        Assert.True(run.Store.Journal.Count(e => e.Kind == JournalKind.Decision && e.Rule == "wake") == 2, "each host is a decision of its own");
    }

    /// <summary>What is to be gone on with is kept with neither rules nor journal.</summary>
    [Theory]
    [InlineData("reload")]
    [InlineData("restart")]
    public void Hosts_are_powered_on_until_it_is_enough_over_a_reload_and_a_restart(string what)
    {
        var hosts = new[] { Some.Host("h1"), Some.Host("h2", HostState.Off), Some.Host("h3", HostState.Off), Some.Host("h4", HostState.Off) };
        var run = new Run(hosts, [Some.Vm("a", "h1")], (_, _) => 10);
        Condition On(int count, ComparisonOperator how, string text) => new Condition.Comparison(new Quantity.Read(PolicyAttribute.ClusterHostsOn), how, new Quantity.Constant(count, Unit.Count, $"{count}"), $"cluster.hosts.on {text} {count}");
        var policies = Some.Policies(Some.WhenCluster("wake", On(3, ComparisonOperator.Less, "<"), TimeSpan.FromMinutes(2), new PolicyAction.PowerOnUntil(On(3, ComparisonOperator.GreaterOrEqual, ">="))));

        if (what == "reload") run.For(30, policies, script: (2.5, loop => loop.ReplacePolicies(policies)));
        else run.For(2.5, policies, kill: true).For(30, policies);

        Assert.Equal(["on h2", "on h3"], run.Calls.Select(c => c[9..]));
    }

    /// <summary>What is to be gone on with of a rule whose time has come: it does not come again. The first host is on its way when the server is killed.</summary>
    /// <param name="away">Minutes without a server.</param>
    /// <param name="why">It does not go on; null: it does.</param>
    [Theory]
    [InlineData(0, null, null)]
    [InlineData(60, null, "the server did not look for 1h")]
    [InlineData(60, "12:00-14:00", null)]
    [InlineData(60, "12:00-13:00", "the server did not look for 1h")]
    [InlineData(130, "12:00-18:00", "nothing goes on for longer than 2h")]
    public void What_a_scheduled_rule_has_begun_goes_on_after_a_short_restart_or_within_its_window(int away, string? window, string? why)
    {
        var hosts = new[] { Some.Host("h1"), Some.Host("h2", HostState.Off), Some.Host("h3", HostState.Off), Some.Host("h4", HostState.Off) };
        var run = new Run(hosts, [Some.Vm("a", "h1")], (_, _) => 10);
        var enough = new Condition.Comparison(new Quantity.Read(PolicyAttribute.ClusterHostsOn), ComparisonOperator.GreaterOrEqual, new Quantity.Constant(3, Unit.Count, "3"), "cluster.hosts.on >= 3");
        var wake = Once("wake", new PolicyAction.PowerOnUntil(enough));
        if (window is not null) wake = wake with { Guards = new RuleGuards { During = [Some.Window(window)] } };

        run.For(3.5, Some.Policies(wake), kill: true);
        Assert.Equal(["12:03:00 on h2"], run.Calls);
        run.Idle(away);
        run.For(30, Some.Policies(wake));

        Assert.Equal(why is null ? ["on h2", "on h3"] : ["on h2"], run.Calls.Select(c => c[9..]));
        Assert.Equal(why is null ? 0 : 1, run.Store.Journal.Count(e => e.Outcome == "missed"));
        if (why is not null) Assert.StartsWith($"wake: what it began at 2026-01-05 12:03:00 UTC is not gone on with: {why}", run.Store.Journal.Single(e => e.Outcome == "missed").Text);
    }

    [Fact]
    public void What_a_scheduled_rule_has_begun_does_not_go_on_once_the_rule_is_another_or_the_server_only_recommends()
    {
        var enough = new Condition.Comparison(new Quantity.Read(PolicyAttribute.ClusterHostsOn), ComparisonOperator.GreaterOrEqual, new Quantity.Constant(3, Unit.Count, "3"), "cluster.hosts.on >= 3");
        foreach (var (policies, mode, why) in new[] { (PolicySet.Empty, RuleMode.Enforce, "the rule was changed or taken out meanwhile"), (Some.Policies(Once("wake", new PolicyAction.PowerOnUntil(enough))), RuleMode.Recommend, "the server is in mode recommend now") })
        {
            var run = new Run([Some.Host("h1"), Some.Host("h2", HostState.Off), Some.Host("h3", HostState.Off)], [Some.Vm("a", "h1")], (_, _) => 10);
            run.For(3.5, Some.Policies(Once("wake", new PolicyAction.PowerOnUntil(enough))), kill: true);
            run.Options = run.Options with { Mode = mode };
            run.For(30, policies);

            Assert.Equal(["on h2"], run.Calls.Select(c => c[9..]));
            Assert.EndsWith(why, run.Store.Journal.Single(e => e.Outcome == "missed").Text);
        }
    }

    [Fact]
    public void Orders_that_can_t_be_kept_stop_everything()
    {
        var run = Three();
        run.Store.RefusesOrders = true;

        run.For(10, Some.Policies(Once("drain", new PolicyAction.Drain("h1"))));

        Assert.Empty(run.Calls);
        Assert.NotNull(run.Loop.Executor.HaltedBecause);
    }

    private static Run Three() => new([Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1"), Some.Vm("b", "h1"), Some.Vm("c", "h2")], (_, _) => 10);

    /// <summary>Fires once, so many minutes after noon.</summary>
    private static Rule Once(string name, PolicyAction action, int minute = 3) => Some.At(name, new TimeOnly(12, minute), DaysOfWeek.Daily, action);
}
