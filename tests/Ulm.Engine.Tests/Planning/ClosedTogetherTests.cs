using Ulm.Dsl.Policies;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Planning;

/// <summary>Hosts that are closed at one look take nothing of one another, whichever is planned first.</summary>
public class ClosedTogetherTests
{
    private static readonly Rule DrainFirst = Scene.Do(new PolicyAction.Drain("h1"));

    public static TheoryData<PolicyAction> WhatCloses => [new PolicyAction.Drain("h2"), new PolicyAction.EnterMaintenance("h2"), new PolicyAction.ShutDown("h2", null)];

    [Theory]
    [MemberData(nameof(WhatCloses))]
    public void A_drain_moves_nothing_onto_a_host_that_a_later_decision_closes(PolicyAction closes) =>
        Assert.Equal(
            ["drain host h1", "migrate vm a from h1 to h3", closes is PolicyAction.Drain ? "drain host h2" : closes is PolicyAction.ShutDown ? "shut down host h2" : "enter maintenance host h2"],
            Scene.Texts(Filled().Plan((DrainFirst, null), (Scene.Do(closes), null))));

    [Fact]
    public void Nor_does_one_rule_that_fires_for_both()
    {
        var rule = Some.When("hot", Some.Above(PolicyAttribute.HostCpu, 1), default, new PolicyAction.Drain(null));

        Assert.Equal(["drain host h1", "migrate vm a from h1 to h3", "drain host h2"], Scene.Texts(Filled().Plan((rule, "h1"), (rule, "h2"))));
    }

    [Fact]
    public void Nor_an_evacuation_of_a_third_host() =>
        Assert.DoesNotContain(
            Scene.Texts(Filled().Vm("hot", "h3", 100, gib: 2, vcpus: 7).Plan((Scene.Evacuate(), "h3"), (DrainFirst, null), (Scene.Do(new PolicyAction.Drain("h2")), null))),
            s => s.StartsWith("migrate", StringComparison.Ordinal) && (s.EndsWith("h1", StringComparison.Ordinal) || s.EndsWith("h2", StringComparison.Ordinal)));

    [Fact]
    public void Nor_a_consolidation_a_balancing_or_a_move_by_name()
    {
        var rule = Scene.Do(new PolicyAction.MigrateVm("c", "h2"), new PolicyAction.Consolidate(), new PolicyAction.Balance(Resource.Memory, 1));

        var plan = Filled().Host("h4").Vm("d", "h4", 10).Plan((rule, null), (Scene.Do(new PolicyAction.Drain("h2")), null));

        Assert.DoesNotContain(plan.Steps, s => s.Action is PlannedAction.Migrate { To: "h2" });
        Assert.Contains(plan.Refused, r => r.Why is ["h2 is left alone: another decision switches or closes it, or the rule's guards exclude it"]);
    }

    [Fact]
    public void Where_all_others_are_closed_too_the_refusal_says_so()
    {
        var plan = new Scene().Host("h1").Host("h2").Vm("a", "h1", 10).Plan((DrainFirst, null), (Scene.Do(new PolicyAction.Drain("h2")), null));

        Assert.Equal(["drain host h1", "drain host h2"], Scene.Texts(plan));
        Assert.Equal(["vm a (4GiB): there is no other host that is not closed too"], Assert.Single(plan.Refused).Why);
    }

    [Fact]
    public void A_host_that_a_budget_leaves_open_takes_vms_as_ever()
    {
        var rule = Some.When("hot", Some.Above(PolicyAttribute.HostCpu, 1), default, new PolicyAction.Drain(null)) with
        {
            Budgets = [new RuleBudget(1, BudgetOf.Hosts, TimeSpan.FromHours(1), "at most 1 host per 1h")],
        };

        Assert.Equal(
            ["drain host h1", "migrate vm a from h1 to h2"],
            Scene.Texts(new Scene().Host("h1").Host("h2").Vm("a", "h1", 10).Plan((rule, "h1"), (rule, "h2"))));
    }

    [Fact]
    public void Of_two_that_could_only_be_emptied_onto_one_another_the_first_goes_into_maintenance()
    {
        var plan = new Scene().Host("h1").Host("h2").Vm("a", "h1", 10).Vm("b", "h2", 10)
            .Plan((Scene.Do(new PolicyAction.EnterMaintenance("h1")), null), (Scene.Do(new PolicyAction.EnterMaintenance("h2")), null));

        Assert.Equal(["enter maintenance host h1", "migrate vm a from h1 to h2"], Scene.Texts(plan));
        Assert.Single(plan.Refused);
    }

    /// <summary>Without the second decision h2, which is empty, would be the best target.</summary>
    private static Scene Filled() => new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 10).Vm("c", "h3", 10);
}
