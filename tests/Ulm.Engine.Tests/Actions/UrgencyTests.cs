using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Engine.Tests.Loop;

namespace Ulm.Engine.Tests.Actions;

/// <summary>Where more waits than may run, what is most urgent begins next.</summary>
public class UrgencyTests
{
    private static readonly PolicyAction.Balance Balance = new(Resource.Memory, 5);

    [Fact]
    public void A_drain_that_is_asked_for_while_forty_moves_of_a_balance_wait_begins_next()
    {
        var run = Lopsided();

        run.For(20, Some.Policies(Some.At("even", new TimeOnly(12, 5), DaysOfWeek.Daily, Balance)), kill: true, script: (6.2, Order(new ManualOrder.Drain("h9", null))));

        Assert.True(Moves(run).Count(m => m.At < Run.Start.AddMinutes(6.2)) < 10, "the balance is far from done");
        Assert.Equal(["p1", "p2", "p3", "p4"], Moves(run).Where(m => m.At > Run.Start.AddMinutes(6.2)).Take(4).Select(m => m.Subject).Order());
        Assert.True(Moves(run).Count() > 40);
    }

    [Fact]
    public void What_waits_to_leave_a_host_that_is_drained_is_as_urgent_as_the_drain()
    {
        var run = Lopsided();

        run.For(10, Some.Policies(Some.At("even", new TimeOnly(12, 5), DaysOfWeek.Daily, Balance)), kill: true, script: (6.2, Order(new ManualOrder.Drain("h4", null))));

        Assert.All(Moves(run).Where(m => m.At > Run.Start.AddMinutes(6.2)), m => Assert.StartsWith("h4-", m.Subject));
    }

    [Fact]
    public void Mending_goes_before_rules_and_rules_before_balance()
    {
        // The pair is put together from outside while a balance is under way; at the same look a rule relieves h5.
        var run = Lopsided(Some.Vm("hot", "h10", gib: 1, vcpus: 4), Some.Vm("hot too", "h10", gib: 1, vcpus: 3), Some.Vm("d1", "h9", gib: 1, tags: "db"), Some.Vm("d2", "h10", gib: 1, tags: "db"));
        var policies = new PolicySet(
            [Some.At("even", new TimeOnly(12, 5), DaysOfWeek.Daily, Balance), Some.When("relieve", Some.Above(PolicyAttribute.HostCpu, 75), TimeSpan.FromMinutes(6), new PolicyAction.Evacuate(false, Resource.Cpu))],
            [Some.Apart(new Selector.Tagged("db"))], null);

        run.For(9, policies, kill: true, script: (5.5, _ => run.World.Put(run.World.Vms["d2"] with { Host = "h9" })));

        var order = Moves(run).Select(m => m.Subject).ToList();
        var (mended, cured) = (order.FindIndex(v => v is "d1" or "d2"), order.IndexOf("hot"));
        Assert.InRange(mended, 1, 8);
        Assert.Equal(mended + 1, cured);
    }

    [Fact]
    public void One_cluster_runs_no_more_at_a_time_than_it_may()
    {
        var run = Lopsided();
        run.Options = run.Options with { Executor = run.Options.Executor with { MigrationsPerCluster = 1, MigrationsInTotal = 4 } };
        var most = 0;
        run.World.Asked += (_, _, _) => most = Math.Max(most, run.World.Migrating.Count + 1);

        run.For(20, Some.Policies(Some.At("even", new TimeOnly(12, 5), DaysOfWeek.Daily, Balance)), kill: true);

        Assert.Equal(1, most);
        Assert.True(Moves(run).Count() > 10);
    }

    /// <summary>Its two hosts become free one after the other: were each given to others at once, it would never have both.</summary>
    [Fact]
    public void What_is_most_urgent_is_not_kept_waiting_by_others_that_take_turns_at_its_hosts()
    {
        var run = new Run([.. Enumerable.Range(1, 6).Select(h => Some.Host($"h{h}"))], [.. "abcdefg".Select(v => Some.Vm($"{v}", v is 'a' or 'd' or 'c' ? "h1" : v is 'g' ? "h5" : "h2"))], (_, _) => 5);
        run.Options = run.Options with { Executor = run.Options.Executor with { MigrationsPerHost = 1 } };

        run.For(
            6, PolicySet.Empty, kill: true,
            (2.0, Submit(("a", "h3", Urgency.Balance))), (2.2, Submit(("b", "h4", Urgency.Balance))), (2.3, Submit(("c", "h2", Urgency.Drain), ("d", "h3", Urgency.Balance), ("e", "h4", Urgency.Balance), ("g", "h6", Urgency.Balance))));

        // a leaves h1 free while b still holds h2, where c goes: d has to wait all the same. Nobody needs h5 and h6.
        Assert.Equal(["a", "b", "g", "c", "d", "e"], Moves(run).Select(m => m.Subject));

        Action<ControlLoop> Submit(params (string Vm, string To, Urgency Urgency)[] moves) => loop => loop.Executor.Submit(
            new Plan(run.Time.GetUtcNow(), "", [.. moves.Select((m, i) => new PlanStep(i + 1, [], new PlannedAction.Migrate(m.Vm, run.World.Vms[m.Vm].Host, m.To), $"d{m.Vm}", "r", "because") { Urgency = m.Urgency })], []),
            loop.Look.Constraints, CancellationToken.None);
    }

    public static TheoryData<Urgency, PolicyAction[]> Actions => new()
    {
        { Urgency.Drain, [new PolicyAction.Drain(null)] },
        { Urgency.Drain, [new PolicyAction.Notify("x", null), new PolicyAction.ShutDown("h1", null)] },
        { Urgency.Rule, [new PolicyAction.Evacuate(false, Resource.Cpu)] },
        { Urgency.Rule, [Balance, new PolicyAction.MigrateVm("a", "h1")] },
        { Urgency.Balance, [Balance] },
        { Urgency.Balance, [new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)] },
    };

    [Theory]
    [MemberData(nameof(Actions))]
    public void A_rule_is_as_urgent_as_its_most_urgent_action(Urgency urgency, PolicyAction[] actions) =>
        Assert.Equal(urgency, new Decision("d", Some.Every("r", TimeSpan.FromHours(1), actions), null, Some.Monday, "").Urgency);

    /// <summary>Four hosts with twenty VMs each, four with none, and two with a little less than all would have; two migrations at a time.</summary>
    private static Run Lopsided(params Vm[] more)
    {
        var full = Enumerable.Range(1, 4).SelectMany(h => Enumerable.Range(1, 20).Select(v => Some.Vm($"h{h}-{v:00}", $"h{h}", gib: 2, vcpus: 1)));
        var even = Enumerable.Range(1, 4).Select(v => Some.Vm($"p{v}", "h9", gib: 4, vcpus: 1));
        return new Run([.. Enumerable.Range(1, 10).Select(h => Some.Host($"h{h}"))], [.. full, .. even, Some.Vm("q", "h10", gib: 15, vcpus: 1), .. more], (vm, _) => vm.StartsWith("hot", StringComparison.Ordinal) ? 100 : 5)
        {
            Options = new() { PollingInterval = TimeSpan.FromMinutes(1), Executor = new() { LookAgain = TimeSpan.FromMinutes(1), MigrationsInTotal = 2 } },
        };
    }

    private static IEnumerable<(DateTimeOffset At, string What, string Subject)> Moves(Run run) => run.Asked.Where(a => a.What == "migrate");

    private static Action<ControlLoop> Order(ManualOrder order) => async loop => await loop.Operators.OrderAsync(order, "ann", null);
}
