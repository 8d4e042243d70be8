using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Actions;

/// <summary>Where a target turns out not to take a VM, one other is tried, by the same checks.</summary>
public class SecondTargetTests
{
    private static readonly PolicySet Relieve = Some.Policies(
        Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.Zero, new PolicyAction.Evacuate(false, Resource.Cpu)));

    [Fact]
    public void A_vm_that_its_target_does_not_take_goes_to_the_next_best()
    {
        var run = Hot();
        run.World.CantTake.Add("h2");

        run.For(3, Relieve);

        Assert.Equal(["12:01:00 migrate a to h2", "12:01:00 migrate a to h3"], run.Calls);
        Assert.Equal("h3", run.World.Vms["a"].Host);
        Assert.Equal(
            [
                "12:01:00 migrate vm a from h1 to h2 (relieve: host.cpu = 87.5% > 75%)",
                "12:01:00 migrate vm a from h1 to h2: host h2 has no such network; it still runs on h1; tried next on h3",
                "12:01:00 migrate vm a from h1 to h3 (relieve: host.cpu = 87.5% > 75%; h2 could not take it)",
                "12:01:25 migrate vm a from h1 to h3: runs on h3 after 25s",
            ],
            run.Journal(JournalKind.Begun, JournalKind.Ended));
        Assert.Empty(run.Loop.Executor.Held);
        Assert.True(run.Loop.Executor.IsIdle);
    }

    [Fact]
    public void One_other_is_tried_and_no_third()
    {
        var run = Hot();
        run.World.CantTake.UnionWith(["h2", "h3", "h4"]);

        run.For(1.9, Relieve);

        Assert.Equal(["12:01:00 migrate a to h2", "12:01:00 migrate a to h3"], run.Calls);
        Assert.StartsWith("left alone until 12:02:00 after 1 failure(s)", run.Loop.Executor.Held.GetValueOrDefault("a") ?? "");
    }

    [Fact]
    public void A_target_that_was_never_reached_leaves_nothing_in_doubt()
    {
        var run = Hot();
        // It crashes between the check and the call: while the intention is written.
        run.Store.AppendTakes = TimeSpan.FromSeconds(1);

        run.For(4, Relieve, script: (1.01, _ => run.World.Crash("h2")));

        Assert.Equal("h3", run.World.Vms["a"].Host);
        Assert.Contains(run.Journal(JournalKind.Ended), t => t.EndsWith("migrate vm a from h1 to h2: host h2 does not answer; it still runs on h1; tried next on h3", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Store.Journal, e => e.Outcome == "in doubt");
    }

    [Theory]
    [InlineData("keep vm a on host h2", "no other host takes it now")]
    [InlineData("full", "no other host takes it now")]
    public void What_no_other_host_may_take_is_not_tried_elsewhere(string because, string why)
    {
        var run = new Run(
            [Some.Host("h1"), Some.Host("h2"), Some.Host("h3", gib: because == "full" ? 2 : 64)], [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 3)], (_, _) => 100);
        run.World.CantTake.Add("h2");

        run.For(1.9, new PolicySet(Relieve.Rules, because == "full" ? [] : [Some.KeepOn(new Selector.Named("a"), new Selector.Named("h2"))], null));

        Assert.Single(run.Calls, c => c.Contains("migrate a", StringComparison.Ordinal));
        Assert.Contains(run.Journal(JournalKind.Ended), t => t.EndsWith($"; not tried elsewhere: {why}", StringComparison.Ordinal));
        Assert.Contains("a", run.Loop.Executor.Held);
    }

    [Fact]
    public void Who_ordered_a_host_by_name_gets_that_host_or_none()
    {
        var run = Hot();
        run.World.CantTake.Add("h2");

        run.For(5, PolicySet.Empty, script: (2, async loop => await loop.Operators.OrderAsync(new ManualOrder.Migrate("a", "h2"), "ann", null)));

        Assert.Equal("12:02:00 migrate a to h2", Assert.Single(run.Calls));
        Assert.Equal("failed", run.Store.Journal.Single(e => e.Kind == JournalKind.Ended).Outcome);
    }

    /// <summary>A power-off that waits for the host to be empty does not mind where its VMs went.</summary>
    [Fact]
    public void What_waits_for_a_move_goes_on_when_it_was_made_elsewhere()
    {
        var run = Hot();
        run.World.CantTake.Add("h2");

        run.For(20, Some.Policies(Some.At("down", new TimeOnly(12, 2), DaysOfWeek.Daily, new PolicyAction.ShutDown("h1", null))));

        Assert.Equal(Inventory.HostState.Off, run.World.Hosts["h1"].State);
        Assert.DoesNotContain("h2", run.World.Vms.Values.Select(v => v.Host));
    }

    /// <summary>A second try would be one move more than the rule may make.</summary>
    [Fact]
    public void A_rule_with_a_budget_of_moves_tries_no_second()
    {
        var run = Hot();
        run.World.CantTake.Add("h2");
        var rule = Relieve.Rules[0] with { Budgets = [new RuleBudget(1, BudgetOf.Moves, TimeSpan.FromHours(1), "at most 1 move per 1h")] };

        run.For(5, Some.Policies(rule));

        Assert.Single(run.Calls);
    }

    /// <summary>Its second try has a name of its own, by which nobody asks for the step that was ordered.</summary>
    [Fact]
    public void An_order_whose_second_try_ended_in_doubt_is_over_once_that_is_settled()
    {
        var run = new Run([Some.Host("h1"), Some.Host("h2"), Some.Host("h3")], [Some.Vm("a", "h1"), Some.Vm("x", "h3")], (_, _) => 10);
        run.World.CantTake.Add("h2");

        run.For(8, PolicySet.Empty, script: [
            (2, async loop => await loop.Operators.OrderAsync(new ManualOrder.Drain("h1", null), "ann", null)),
            (2.2, _ => run.World.Silent.Add("h3")),
            (4.2, _ => run.World.Silent.Clear())]);

        var work = Assert.Single(run.Loop.Operators.OrderedByHand);
        Assert.True(work.StepsAreOver);
        Assert.All(work.Steps, s => Assert.Equal(Engine.Actions.ActionPhase.Succeeded, work.EndOf(s)?.Phase));
    }

    /// <summary>That the second was not begun does not make the first any better: it would be tried at every look.</summary>
    [Fact]
    public void A_vm_that_failed_and_was_not_tried_elsewhere_in_the_end_is_left_alone()
    {
        var run = Hot();
        run.World.CantTake.Add("h2");
        run.Store.AppendTakes = TimeSpan.FromSeconds(5);

        // Decided at 12:01:00, begun at 12:01:10, over at 12:01:15.
        run.For(1.9, Relieve, script: (1.19, async loop => await loop.Operators.HoldAsync(new(SubjectRef.Host("h3"), "ann", "disk is swapped", run.Time.GetUtcNow(), run.Time.GetUtcNow().AddHours(1)))));

        Assert.Contains(run.Journal(JournalKind.Ended), t => t.EndsWith("tried next on h3", StringComparison.Ordinal));
        Assert.Equal(["12:01:10 migrate a to h2"], run.Calls);
        Assert.Contains("a", run.Loop.Executor.Held);
    }

    private static Run Hot() => new(
        [Some.Host("h1"), Some.Host("h2"), Some.Host("h3"), Some.Host("h4")],
        [Some.Vm("a", "h1", vcpus: 4), Some.Vm("b", "h1", vcpus: 3), Some.Vm("x", "h3", vcpus: 1), Some.Vm("y", "h4", vcpus: 2)], (vm, _) => vm is "a" or "b" ? 100 : 50);
}
