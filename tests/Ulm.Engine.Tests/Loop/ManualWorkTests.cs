using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Loop;

/// <summary>What is ordered by hand is done under the same rules as what policies want, and is kept until it is ended.</summary>
public class ManualWorkTests
{
    private static readonly Rule Even = Some.Every("even", TimeSpan.FromMinutes(2), new PolicyAction.Balance(Resource.Memory, 5));

    [Fact]
    public void A_drained_host_is_emptied_and_not_refilled_until_it_is_released()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();

        run.For(20, Some.Policies(Even), script: [(3.5, orders.Give(new ManualOrder.Drain("h1", null), because: "new fan"))]);

        Assert.Empty(run.World.VmsOn("h1"));
        Assert.Contains("12:03:30 drain host h1 ordered by ann: new fan", run.Journal(JournalKind.Decision));
        Assert.All(run.Store.Journal.Where(e => e.Kind == JournalKind.Begun && e.Text.Contains(" from h1 ") && e.At > Run.Start.AddMinutes(3)), e => Assert.StartsWith("m20260105-120330", e.Decision));
        Assert.Equal(("ann", "new fan"), run.Loop.Executor.Orders.Current["h1"] is var order ? (order.By, order.Because) : default);

        run.For(20, Some.Policies(Even), script: [(3.5, orders.Give(new ManualOrder.Release("h1")))]);
        Assert.NotEmpty(run.World.VmsOn("h1"));
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    [Fact]
    public void A_drain_for_a_time_ends_by_itself_also_over_a_restart()
    {
        var run = Orders.ThreeHosts();

        run.For(10, PolicySet.Empty, kill: true, script: [(3.5, new Orders().Give(new ManualOrder.Drain("h1", TimeSpan.FromMinutes(30))))]);
        run.For(20, Some.Policies(Even));
        Assert.Empty(run.World.VmsOn("h1"));
        run.For(10, Some.Policies(Even));

        Assert.NotEmpty(run.World.VmsOn("h1"));
        Assert.Empty(run.Loop.Executor.Orders.Current);
        Assert.Contains(run.Journal(JournalKind.Begun), t => t == "12:34:00 open host h1 (order: drain host h1: its time ended at 12:33:30)");
    }

    /// <summary>Of two who closed a host, each finds it closed for as long as he was told.</summary>
    [Theory]
    [InlineData(60, 63.5)]
    [InlineData(5, 30.0)]
    [InlineData(null, null)]
    public void What_is_ordered_again_lasts_until_the_later_end(int? minutes, double? openAt)
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();

        run.For(10, PolicySet.Empty, script:
        [
            (2.5, orders.Give(new ManualOrder.Maintenance("h1", TimeSpan.FromMinutes(27.5)))),
            (3.5, orders.Give(new ManualOrder.Maintenance("h1", minutes is { } m ? TimeSpan.FromMinutes(m) : null), "new fan")),
        ]);

        Assert.Equal(openAt is { } at ? Run.Start.AddMinutes(at) : null, run.Loop.Executor.Orders.Current["h1"].EndsAt);
        Assert.Equal(minutes == 5 ? null : "new fan", run.Loop.Executor.Orders.Current["h1"].Because);
        Assert.Empty(orders.Answers[1].Plan.Refused);
    }

    /// <summary>Somebody may have his hands in it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_host_that_a_person_closed_is_neither_opened_nor_powered_off_by_a_rule(bool opens)
    {
        var run = Orders.ThreeHosts();
        var rule = Some.At("night", new TimeOnly(12, 10), DaysOfWeek.Daily, opens ? new PolicyAction.LeaveMaintenance("h1") : new PolicyAction.ShutDown("h1", TimeSpan.FromMinutes(10)));
        run.For(40, Some.Policies(rule, Even), script: (3.5, new Orders().Give(new ManualOrder.Maintenance("h1", null), "new fan")));

        Assert.Equal(("ann", HostOrderKind.Maintenance), run.Loop.Executor.Orders.Current["h1"] is var order ? (order.By, order.Kind) : default);
        Assert.Empty(run.World.VmsOn("h1"));
        Assert.Equal(HostState.On, run.World.Hosts["h1"].State);
        Assert.Contains(run.Journal(JournalKind.Refusal), t => t.EndsWith("ann ordered at 2026-01-05 12:03:30 UTC: enter maintenance host h1 (new fan); only people change that: ulm-server release h1", StringComparison.Ordinal));
    }

    /// <summary>Somebody has said that it is to be done: nobody has to say so again, and to an end that he does not know he has to.</summary>
    [Fact]
    public void What_is_ordered_by_hand_is_seen_through_also_where_rules_only_recommend()
    {
        var run = Orders.ThreeHosts();
        run.Options = run.Options with { Mode = RuleMode.Recommend };
        run.For(60, PolicySet.Empty, script:
        [
            (3.5, new Orders().Give(new ManualOrder.Drain("h3", TimeSpan.FromMinutes(10)))),
            (3.6, new Orders().Give(new ManualOrder.PowerOff("h1", TimeSpan.FromMinutes(20), MoveVms: true))),
        ]);

        Assert.Equal(["off h1", "on h1"], run.Calls.Where(c => c.EndsWith("h1", StringComparison.Ordinal) && !c.Contains("migrate", StringComparison.Ordinal)).Select(c => c[9..]));
        Assert.Equal(["a", "b"], run.World.VmsOn("h1"));
        Assert.Empty(run.Loop.Executor.Orders.Current);
        Assert.Empty(run.Loop.Operators.PendingPlans);
    }

    [Fact]
    public void Where_rules_only_recommend_what_a_rule_ordered_waits_for_approval_at_each_turn()
    {
        var run = Orders.ThreeHosts();
        run.Options = run.Options with { Mode = RuleMode.Recommend };
        run.For(40, Some.Policies(Some.At("off", new TimeOnly(12, 3), DaysOfWeek.Daily, new PolicyAction.ShutDown("h1", null))),
            script: (5.5, async loop => Assert.Null(await loop.Operators.ApproveAsync(Assert.Single(loop.Operators.PendingPlans).Id, "ann"))));

        Assert.Empty(run.World.VmsOn("h1"));
        Assert.Equal(HostState.On, run.World.Hosts["h1"].State);
        Assert.Contains("power off host h1", Assert.Single(run.Loop.Operators.PendingPlans).Plan.Steps.Single().Action.ToString());
    }

    [Fact]
    public void An_order_that_could_not_be_kept_is_not_in_force()
    {
        var run = Orders.ThreeHosts();
        run.For(20, PolicySet.Empty, script:
        [
            (3.4, _ => run.Store.RefusesOrders = true),
            (3.5, new Orders().Give(new ManualOrder.Drain("h1", null))),
            (3.6, _ => run.Store.RefusesOrders = false),
        ]);

        Assert.Contains(run.Store.Journal, e => e is { Kind: JournalKind.Refusal, Outcome: "ULM6219" } && e.Text.StartsWith("drain host h1: nothing is done", StringComparison.Ordinal));
        Assert.Empty(run.Calls);
        Assert.Empty(run.Loop.Executor.Orders.Current);
    }

    [Fact]
    public void Whoever_is_told_that_the_store_fails_finds_the_server_not_acting_until_it_takes_an_entry()
    {
        var run = Orders.ThreeHosts();
        var (full, halted, later) = (false, "", (string?)"");
        run.Store.Refuses = (_, _) => full;
        run.For(20, PolicySet.Empty, script:
        [
            (3.4, _ => full = true),
            (3.5, async loop => await Assert.ThrowsAsync<StoreUnavailableException>(() => loop.Operators.OrderAsync(new ManualOrder.Drain("h1", null), "ann", null))),
            (3.6, loop => halted = loop.NotActingBecause ?? ""),
            (4.5, loop => halted += loop.NotActingBecause is null ? " acting" : ""),
            (4.6, _ => full = false),
            (5.5, loop => later = loop.NotActingBecause),
        ]);

        Assert.Equal("nothing is done until the journal can be written again: the disk is full", halted);
        Assert.Null(later);
        Assert.Empty(run.Calls);
        Assert.Contains(run.Journal(JournalKind.Server), e => e.Contains("from the next look on this server acts again", StringComparison.Ordinal));
    }

    [Fact]
    public void A_dry_run_plans_the_same_and_does_and_writes_nothing()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();

        run.For(10, PolicySet.Empty, script: [(3.5, orders.Give(new ManualOrder.Drain("h1", null), dryRun: true)), (3.5, orders.Give(new ManualOrder.Drain("h1", null)))]);

        Assert.Equal(orders.Answers[1].Plan.Steps.Select(s => s.Action.ToString()), orders.Answers[0].Plan.Steps.Select(s => s.Action.ToString()));
        Assert.Single(run.Journal(JournalKind.Decision));
        Assert.Equal(2, run.Calls.Count);
    }

    [Fact]
    public void Maintenance_is_refused_with_numbers_where_the_others_have_no_room()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", 20), Some.Vm("b", "h2", 40)], (_, _) => 10);
        run.World.Put(Some.Vm("large", "h1", 40));
        var orders = new Orders();

        run.For(10, PolicySet.Empty, script: [(3.5, orders.Give(new ManualOrder.Maintenance("h1", null)))]);

        Assert.Empty(run.Calls);
        Assert.Empty(run.Loop.Executor.Orders.Current);
        var refused = Assert.Single(orders.Answers[0].Plan.Refused);
        Assert.Equal("the other host would be at 156% memory and 8% cpu", refused.Why[0]);
        Assert.Contains("vm large (40GiB): h2 memory 40GiB + 40GiB of 64GiB is over 95%", refused.Why);
    }

    [Fact]
    public void Constraints_and_budgets_hold_for_what_is_ordered_too()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();
        var policies = PolicySet.Empty with { Constraints = [Some.NeverMigrate(new Selector.Exactly(["a"])), Some.NeverPowerOff(new Selector.Exactly(["h3"]))] };

        run.For(10, policies, script:
        [
            (3.2, orders.Give(new ManualOrder.Migrate("a", "h3"))),
            (3.4, orders.Give(new ManualOrder.PowerOff("h3", null, MoveVms: true))),
            (3.6, orders.Give(new ManualOrder.PowerOff("h1", null, MoveVms: false))),
        ]);

        Assert.Empty(run.Calls);
        Assert.Equal([RefusalCode.NeverMigrate, RefusalCode.NeverPowerOff, RefusalCode.HostNotEmpty], orders.Answers.Select(a => a.Plan.Refused.Single().Code));
        Assert.Equal(3, run.Journal(JournalKind.Refusal).Count());
    }

    [Fact]
    public void What_is_so_already_is_neither_planned_nor_refused()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();

        run.For(20, PolicySet.Empty, script:
        [
            (3.2, orders.Give(new ManualOrder.Migrate("a", "h1"))),
            (3.4, orders.Give(new ManualOrder.PowerOn("h1"))),
            (3.6, orders.Give(new ManualOrder.Release("h1"))),
            (4.2, orders.Give(new ManualOrder.Drain("h1", null))),
            (9.2, orders.Give(new ManualOrder.Drain("h1", null))),
        ]);

        Assert.All([0, 1, 2, 4], i => Assert.True(orders.Answers[i].Plan is { Steps: [], Refused: [] }));
    }

    [Fact]
    public void Nothing_is_ordered_before_a_whole_interval_has_passed_nor_on_a_server_that_only_observes()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();

        run.For(10, PolicySet.Empty, script: [(0.5, orders.Give(new ManualOrder.Drain("h1", null)))]);
        run.Options = run.Options with { Mode = RuleMode.Observe };
        run.For(10, PolicySet.Empty, script: [(3.5, orders.Give(new ManualOrder.Drain("h1", null)))]);

        Assert.Empty(run.Calls);
        Assert.Equal(["nothing is done before a whole polling interval (1m) has passed since the start", "the server only observes (mode = \"observe\")"], orders.Answers.Select(a => a.Plan.Refused.Single().Why.Single()));
    }

    [Fact]
    public void A_hold_keeps_rules_and_orders_from_a_host_also_over_a_restart_and_ends_by_itself()
    {
        var run = Orders.ThreeHosts();
        var orders = new Orders();
        var hold = new OperatorHold(SubjectRef.Host("h1"), "bob", "backup runs", Run.Start.AddMinutes(1), Run.Start.AddMinutes(20));

        run.For(6, PolicySet.Empty, kill: true, script: [(1, async loop => await loop.Operators.HoldAsync(hold)), (3.5, orders.Give(new ManualOrder.Drain("h1", null))), (3.6, orders.Give(new ManualOrder.Migrate("a", "h3")))]);
        run.For(20, Some.Policies(Some.At("move", new TimeOnly(12, 10), DaysOfWeek.Daily, new PolicyAction.MigrateVm("a", "h3")), Some.At("again", new TimeOnly(12, 22), DaysOfWeek.Daily, new PolicyAction.MigrateVm("b", "h3"))));

        Assert.All(orders.Answers, a => Assert.Equal((RefusalCode.HeldBack, true), (a.Plan.Refused.Single().Code, a.Plan.Refused.Single().Why.Single().Contains("held by bob until 2026-01-05 12:20:00 UTC: backup runs"))));
        Assert.Equal(["12:22:00 migrate b to h3"], run.Calls);
        Assert.Contains("12:20:00 hold on host/h1 by bob ended at its time, 2026-01-05 12:20:00 UTC", run.Journal(JournalKind.Decision));
        Assert.Empty(run.Loop.FactsNow().Holds);
    }

    /// <summary>Two at a time go off it; whoever opens it again has no use for the others' going.</summary>
    [Theory]
    [InlineData("drain")]
    [InlineData("maintenance")]
    [InlineData("power off")]
    [InlineData("rule")]
    public void What_an_order_has_yet_to_move_stays_where_the_host_is_released_meanwhile(string what)
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [.. Enumerable.Range(0, 6).Select(i => Some.Vm($"v{i}", "h1"))], (_, _) => 10);
        ManualOrder? order = what switch { "drain" => new ManualOrder.Drain("h1", null), "maintenance" => new ManualOrder.Maintenance("h1", null), "power off" => new ManualOrder.PowerOff("h1", null, true), _ => null };
        var policies = order is null ? Some.Policies(Some.At("save", new(12, 3), DaysOfWeek.Daily, new PolicyAction.ShutDown("h1", null))) : PolicySet.Empty;

        run.For(20, policies, script: [(3, loop => { if (order is not null) new Orders().Give(order)(loop); }), (3.1, new Orders().Give(new ManualOrder.Release("h1")))]);

        Assert.Equal(2, run.Calls.Count);
        Assert.Equal(4, run.World.VmsOn("h1").Count());
        var withdrawn = run.Store.Journal.Where(e => e.Kind == JournalKind.Refusal && e.Step is not null).ToList();
        Assert.Equal(4, withdrawn.Count);
        Assert.All(withdrawn, e => Assert.EndsWith(": h1 was released by ann at 2026-01-05 12:03:06 UTC before it began", e.Text));
        Assert.All(withdrawn, e => Assert.Equal(Run.Start.AddMinutes(3.1), e.At));
    }

    /// <summary>What is in the way stands by its own name: the host's, or the VM's.</summary>
    [Theory]
    [InlineData("host/h3", "h3 is held by bob until 2026-01-05 14:00:00 UTC: backup runs")]
    [InlineData("vm/a", "vm/a is held by bob until 2026-01-05 14:00:00 UTC: backup runs")]
    [InlineData("host/h1", "host/h1 is held by bob until 2026-01-05 14:00:00 UTC: backup runs")]
    [InlineData("full", "h3: memory 0B + 4GiB of 2GiB is over 95%")]
    [InlineData("off", "h3 is off")]
    public void A_migration_to_a_host_that_can_t_take_it_says_what_is_in_the_way(string what, string why)
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2"), Some.Host("h3", what == "off" ? HostState.Off : HostState.On, what == "full" ? 2 : 64)], [Some.Vm("a", "h1")], (_, _) => 10);
        OrderAnswer? answer = null;
        var subject = what.Split('/') switch { ["host", var host] => SubjectRef.Host(host), ["vm", var vm] => SubjectRef.Vm(vm), _ => SubjectRef.Host("h2") };

        run.For(5, PolicySet.Empty, script: [
            (2, async loop => await loop.Operators.HoldAsync(new OperatorHold(subject, "bob", "backup runs", Run.Start, Run.Start.AddHours(2)))),
            (3, async loop => answer = await loop.Operators.OrderAsync(new ManualOrder.Migrate("a", "h3"), "ann", null))]);

        Assert.Equal([why], Assert.Single(answer!.Plan.Refused).Why);
    }

    [Fact]
    public void A_hold_that_comes_while_steps_wait_stops_those_that_have_not_begun()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [.. Enumerable.Range(0, 6).Select(i => Some.Vm($"v{i}", "h1"))], (_, _) => 10);

        run.For(10, PolicySet.Empty, script:
        [
            (3, new Orders().Give(new ManualOrder.Drain("h1", null))),
            (3.1, async loop => await loop.Operators.HoldAsync(new OperatorHold(SubjectRef.Host("h2"), "bob", "no", Run.Start, Run.Start.AddHours(5)))),
        ]);

        Assert.Equal(2, run.Calls.Count);
        Assert.Contains(run.Store.Journal, e => e.Kind == JournalKind.Refusal && e.Step is not null && e.Outcome == "ULM6215");
    }

    [Fact]
    public void A_plan_that_waits_over_a_restart_is_told_to_be_gone()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2")], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 4)], (_, _) => 100);
        var relieve = Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.FromMinutes(2), new PolicyAction.Evacuate(true, Resource.Cpu)) with { Mode = RuleMode.Recommend };
        string? answer = null;

        run.For(5, Some.Policies(relieve), kill: true);
        run.For(6, Some.Policies(relieve), script: [(1, async loop => answer = await loop.Operators.ApproveAsync("p20260105-120200", "ann"))]);

        Assert.StartsWith("plan p20260105-120200 is not kept over the restart of the server", answer);
        Assert.Contains(run.Journal(JournalKind.Decision), t => t.Contains("plan p20260105-120200 is not kept over the restart"));
        Assert.Single(run.Loop.Operators.PendingPlans);
    }

    /// <summary>A rule and an order that meet at one instant never both move the VM at once, whichever comes first.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(2.0001)]
    public void An_order_and_a_rule_at_one_instant_know_of_one_another(double minute)
    {
        var run = Orders.ThreeHosts();
        run.Store.AppendTakes = TimeSpan.FromSeconds(1);

        run.For(6, kill: true, policies: Some.Policies(Some.At("move", new TimeOnly(12, 2), DaysOfWeek.Daily, new PolicyAction.MigrateVm("a", "h3"))), script: [(minute, new Orders().Give(new ManualOrder.Migrate("a", "h2")))]);

        var steps = run.Store.Journal.Where(e => e.Subject == "vm/a" && e.Kind is (JournalKind.Begun or JournalKind.Ended)).Select(e => e.Kind).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps.Select((kind, i) => (kind, i)), s => Assert.Equal(s.i % 2 == 0 ? JournalKind.Begun : JournalKind.Ended, s.kind));
    }
}
