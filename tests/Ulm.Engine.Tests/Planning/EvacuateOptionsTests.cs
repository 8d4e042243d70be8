using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

public class EvacuateOptionsTests
{
    private static readonly PolicyAction.Evacuate Heaviest = new(Fitting: true, Resource.Cpu);

    [Theory]
    [InlineData(1, "heavy")]
    [InlineData(2, "heavy,medium")]
    [InlineData(9, "heavy,medium,light")]
    public void One_firing_moves_as_many_as_it_says(int count, string vms) => Assert.Equal(vms, Moved(Heaviest with { Count = count }));

    [Fact]
    public void The_lightest_that_is_felt_goes_first() => Assert.Equal("light", Moved(Heaviest with { Order = VmOrder.Lightest }));

    [Theory]
    [InlineData(HostPreference.Coolest, "migrate vm heavy from h1 to h3")]
    [InlineData(HostPreference.Fullest, "migrate vm heavy from h1 to h2")]
    public void To_the_coolest_or_to_the_fullest(HostPreference to, string move) => Assert.Equal([move], Texts(Hot().Plan((Evacuate(Heaviest with { To = to }), "h1"))));

    [Theory]
    [InlineData("h2", "migrate vm heavy from h1 to h2")]
    [InlineData("x*", null)]
    public void Only_to_hosts_that_the_condition_holds_for(string named, string? move)
    {
        var where = new Condition.Asks(null, new SubjectTest.Named(named), $"named \"{named}\"");
        var plan = Hot().Plan((Evacuate(Heaviest with { Fitting = false, ToHostsWhere = where }), "h1"));

        Assert.Equal(move is null ? [] : [move], Texts(plan));
        if (move is null) Assert.Equal(["vm heavy: h2 is none of the hosts that the rule lets VMs go to; h3 is none of the hosts that the rule lets VMs go to"], Assert.Single(plan.Refused).Why.AsEnumerable());
    }

    [Fact]
    public void By_network_the_one_that_talks_most_goes()
    {
        var scene = Hot();
        scene.VmNet["light"] = 80e6;
        scene.VmNet["heavy"] = 1e6;
        scene.VmNet["medium"] = 2e6;

        Assert.Equal(["migrate vm light from h1 to h3"], Texts(scene.Plan((Evacuate(Heaviest with { By = Resource.Network }), "h1"))));
    }

    [Fact]
    public void By_network_nothing_moves_of_which_nothing_is_known() =>
        Assert.Equal("vm heavy: its network use is unknown: not measured yet", Assert.Single(Hot().Plan((Evacuate(Heaviest with { By = Resource.Network, Fitting = false }), "h1")).Refused).Why[0]);

    [Fact]
    public void Vms_that_are_kept_together_go_together()
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("a", "h1", 90, tags: "app").Vm("b", "h1", 10, tags: "app").With(s => s.Constraints.Add(Some.Together(new Selector.Tagged("app"))));

        Assert.Equal(["migrate vm a from h1 to h2", "migrate vm b from h1 to h2"], Texts(scene.Plan((Evacuate(), "h1"))));
    }

    [Theory]
    [InlineData(true, "migrate vm db1 from h1 to h3")]
    [InlineData(false, "migrate vm db1 from h1 to h2")]
    public void Preferred_apart_is_kept_where_there_is_a_choice(bool choice, string move)
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("db1", "h1", 90, tags: "db").Vm("db2", "h2", 1, tags: "db").With(s => s.Constraints.Add(Some.Apart(new Selector.Tagged("db"), hard: false)));
        if (choice) scene.Host("h3").Vm("x", "h3", 90);

        Assert.Equal([move], Texts(scene.Plan((Evacuate(), "h1"))));
    }

    [Fact]
    public void Preferred_together_pulls()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 90, tags: "app").Vm("b", "h2", 50, tags: "app").With(s => s.Constraints.Add(Some.Together(new Selector.Tagged("app"), hard: false)));

        Assert.Equal(["migrate vm a from h1 to h2"], Texts(scene.Plan((Evacuate(), "h1"))));
    }

    [Fact]
    public void A_choice_can_be_shown_as_a_table()
    {
        var placement = new Placement(Hot().Facts());

        Assert.Equal(
            """
            host     sum       room x1      apart x2   together x1   queue x0.02
            h3     0.750         0.750         0.000         0.000         0.000
            h2     0.719         0.719         0.000         0.000         0.000
            """,
            ScoreTable.Of(placement, placement.Site.Vm("heavy"), Resource.Cpu, HostPreference.Coolest, PlacementLimits.Default));
    }

    [Theory]
    [InlineData("heavy", "h2", "migrate vm heavy from h1 to h2", null)]
    [InlineData("heavy", "h1", null, null)]
    [InlineData("heavy", "h9", null, "host h9 is not in the inventory")]
    [InlineData("nobody", "h2", null, "vm nobody is not in the inventory")]
    public void A_named_vm_goes_to_a_named_host_or_it_is_said_why_not(string vm, string host, string? move, string? why)
    {
        var plan = Hot().Plan((Do(new PolicyAction.MigrateVm(vm, host)), null));

        Assert.Equal(move is null ? [] : [move], Texts(plan));
        Assert.Equal(why is null ? [] : [why], plan.Refused.SelectMany(r => r.Why));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_rule_moves_no_more_than_its_budget(int budget)
    {
        var rule = Evacuate(Heaviest with { Count = 3 }) with { Budgets = [new RuleBudget(budget, BudgetOf.Moves, null, $"at most {budget} moves")] };
        var plan = Hot().Plan((rule, "h1"));

        Assert.Equal(budget, plan.Steps.Length);
        Assert.Equal(RefusalCode.RuleBudgetSpent, Assert.Single(plan.Refused).Code);
    }

    [Fact]
    public void What_a_rule_did_within_the_time_counts_for_its_budget()
    {
        var scene = Hot();
        scene.History.Add(new(Now.AddMinutes(-50), BegunKind.Move, "x", "h1", "relieve"));
        scene.History.Add(new(Now.AddMinutes(-50), BegunKind.Move, "y", "h1", "another"));
        var rule = Evacuate() with { Budgets = [new RuleBudget(1, BudgetOf.Moves, TimeSpan.FromHours(1), "at most 1 move per 1h")] };

        Assert.Empty(scene.Plan((rule, "h1")).Steps);
        Assert.Single(scene.Plan((rule with { Budgets = [rule.Budgets[0] with { Count = 2 }] }, "h1")).Steps);
    }

    [Fact]
    public void A_budget_of_hosts_counts_each_host_once()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10, gib: 4).Vm("c", "h2", 10, gib: 4).Vm("d", "h3", 10, gib: 6);
        var rule = Do(new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)) with { Budgets = [new RuleBudget(1, BudgetOf.Hosts, null, "at most 1 host")] };

        Assert.Equal(["migrate vm d from h3 to h1", "power off host h3"], Texts(scene.Plan((rule, null))));
    }

    [Fact]
    public void A_host_beyond_the_budget_is_neither_emptied_nor_ordered_to_be()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 10).Vm("b", "h2", 10);
        var rule = Some.When("fan", Some.Above(PolicyAttribute.HostCpu, 1), TimeSpan.Zero, new PolicyAction.Drain(null)) with
        {
            Budgets = [new RuleBudget(1, BudgetOf.Hosts, TimeSpan.FromHours(1), "at most 1 host per 1h")],
        };

        var plan = scene.Plan((rule, "h1"), (rule, "h2"));

        Assert.Equal("drain host h1", Texts(plan).First());
        Assert.DoesNotContain(plan.Steps, s => s.Action is PlannedAction.Order { Given.Host: "h2" } or PlannedAction.Migrate { From: "h2" });
        Assert.Equal("host/h2", Assert.Single(plan.Refused, r => r.Code == RefusalCode.RuleBudgetSpent).Subject);
    }

    [Fact]
    public void A_host_that_was_closed_counts_even_if_nothing_ran_there()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("b", "h2", 10);
        var rule = Do(new PolicyAction.Drain("h2")) with { Budgets = [new RuleBudget(1, BudgetOf.Hosts, TimeSpan.FromHours(1), "at most 1 host per 1h")] };
        var closed = new JournalEntry(Now.AddMinutes(-50), JournalKind.Begun, "drain host h1: x") { Subject = "host/h1", Rule = rule.Name, Begins = new BegunStep(BegunKind.Close) };
        Assert.NotEmpty(scene.Plan((rule, null)).Steps);

        scene.History.Add(closed.ToAction()!);

        Assert.Empty(scene.Plan((rule, null)).Steps);
    }

    [Fact]
    public void A_schedule_s_actions_leave_hosts_alone_that_its_guards_exclude()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3");
        var rule = Do(new PolicyAction.PowerOffIdle(0)) with
        {
            Guards = new RuleGuards { Where = new Condition.Not(new Condition.Asks(null, new SubjectTest.Named("h3"), "")), Unless = new Condition.Asks(SubjectKind.Host, new SubjectTest.Named("h2"), "") },
        };

        Assert.Equal(["power off host h1"], Texts(scene.Plan((rule, null))));
    }

    [Fact]
    public void A_rule_in_a_cluster_acts_there_alone()
    {
        var scene = new Scene();
        scene.Hosts.AddRange([Some.Host("h1") with { Cluster = "x" }, Some.Host("h2") with { Cluster = "y" }]);

        Assert.Equal(["power off host h2"], Texts(scene.Plan((Do(new PolicyAction.PowerOffIdle(0)) with { Guards = new RuleGuards { Cluster = "y" } }, null))));
    }

    private static Scene Hot() => new Scene().Host("h1").Host("h2").Host("h3").Vm("light", "h1", 50).Vm("heavy", "h1", 100).Vm("medium", "h1", 80).Vm("x", "h2", 25, vcpus: 1);

    private static string Moved(PolicyAction.Evacuate action) => string.Join(',', Hot().Plan((Evacuate(action), "h1")).Steps.Select(s => ((PlannedAction.Migrate)s.Action).Vm));
}
