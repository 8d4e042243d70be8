using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

public class BalancePlannerTests
{
    private static readonly Rule Balance = Do(new PolicyAction.Balance(Resource.Cpu, 10));

    [Fact]
    public void It_moves_what_brings_the_fullest_and_the_emptiest_closest() =>
        Assert.Equal(["migrate vm a from h1 to h2"], Texts(new Scene().Host("h1").Host("h2")
            .Vm("a", "h1", 100).Vm("b", "h1", 80).Vm("c", "h1", 60, vcpus: 1).Vm("d", "h1", 30, vcpus: 1).Plan((Balance, null))));

    [Fact]
    public void Hosts_within_the_tolerance_are_left_alone() =>
        Assert.Empty(new Scene().Host("h1").Host("h2").Vm("a", "h1", 80).Vm("b", "h2", 40).Plan((Balance, null)).Steps);

    [Fact]
    public void What_can_t_be_evened_out_is_said_with_numbers()
    {
        var plan = new Scene().Host("h1").Host("h2").Vm("a", "h1", 100).Plan((Balance, null));

        Assert.Empty(plan.Steps);
        Assert.Equal(
            ["h1 25% and h2 0% differ by more than 10%, but no VM that may move brings them closer"], Assert.Single(plan.Refused).Why.AsEnumerable());
    }

    [Fact]
    public void Hosts_that_are_left_out_as_nobody_knows_how_loaded_they_are_are_named()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Host("h4").Vm("a", "h1", 100).Vm("b", "h1", 100).With(s => s.HostCpu["h3"] = double.NaN).With(s => s.HostCpu["h4"] = double.NaN);

        var plan = scene.Plan((Balance, null));

        Assert.Equal(["migrate vm a from h1 to h2"], Texts(plan));
        var refused = Assert.Single(plan.Refused);
        Assert.Equal((RefusalCode.DataUnknown, "cluster/default"), (refused.Code, refused.Subject));
        Assert.Equal(["balanced without h3: its CPU use is unknown: not measured yet", "balanced without h4: its CPU use is unknown: not measured yet"], refused.Why.AsEnumerable());
    }

    /// <summary>A VM that is little to a large host can be much to a small one: a move to the emptiest would fill it beyond all others.</summary>
    [Fact]
    public void A_small_host_is_not_filled_beyond_what_the_large_one_had()
    {
        var scene = new Scene().Host("large", cpus: 32).Host("small", cpus: 4).Host("third", cpus: 32)
            .Vm("a", "large", 100, vcpus: 2).With(s => s.HostCpu["large"] = 40).With(s => s.HostCpu["small"] = 10).With(s => s.HostCpu["third"] = 15);

        Assert.Equal(["migrate vm a from large to third"], Texts(scene.Plan((Balance, null))));
    }

    [Fact]
    public void Clusters_are_evened_out_each_for_itself()
    {
        var scene = new Scene().Vm("a", "h1", 100).Vm("b", "h1", 100);
        scene.Hosts.AddRange([Some.Host("h1") with { Cluster = "x" }, Some.Host("h2") with { Cluster = "y" }]);

        Assert.Empty(scene.Plan((Balance, null)).Steps);
    }

    [Fact]
    public void Of_vms_that_use_the_same_the_one_with_least_memory_is_copied() =>
        Assert.Equal(["migrate vm small from h1 to h2"], Texts(new Scene().Host("h1").Host("h2")
            .Vm("large", "h1", 100, gib: 32).Vm("small", "h1", 100, gib: 1).Vm("medium", "h1", 60, gib: 8, vcpus: 1).Plan((Balance, null))));

    [Fact]
    public void A_vm_that_was_moved_a_short_while_ago_is_left_where_it_is()
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("a", "h1", 100).Vm("b", "h1", 80).Vm("c", "h1", 60, vcpus: 1).Vm("d", "h1", 30, vcpus: 1);
        scene.History.Add(new(Now - MoveRest.Time + TimeSpan.FromSeconds(1), BegunKind.Move, "a", "h2", "other"));

        Assert.DoesNotContain(scene.Plan((Balance, null)).Steps, s => s.Action is PlannedAction.Migrate { Vm: "a" });
    }

    /// <summary>Neither host has room for the other's VM as long as its own is there: one goes by way of the third.</summary>
    [Fact]
    public void Vms_that_have_to_change_places_go_by_way_of_a_third_host()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3", cpus: 1)
            .Vm("hot", "h1", 80, gib: 30, vcpus: 4).Vm("warm", "h1", 80, gib: 30, vcpus: 3).Vm("cold", "h2", 1, gib: 29).Vm("cool", "h2", 80, gib: 30, vcpus: 1)
            .Vm("third", "h3", 30, gib: 4, vcpus: 1).With(s => s.Constraints.Add(Some.NeverMigrate(new Selector.Exactly(["warm", "cool", "third"]))));

        var plan = scene.Plan((Balance, null));

        Assert.Equal(["migrate vm cold from h2 to h3", "migrate vm hot from h1 to h2", "migrate vm cold from h3 to h1"], Texts(plan));
        Assert.Equal([[], [1], [2, 1]], plan.Steps.Select(s => s.After.ToArray()));
    }

    [Fact]
    public void Without_a_tolerance_every_resource_is_evened_out_beyond_it()
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("a", "h1", 10, gib: 8).Vm("b", "h1", 10, gib: 8).Vm("c", "h1", 10, gib: 8).Vm("d", "h1", 10, gib: 8);

        Assert.Empty(scene.Plan((Balance, null)).Steps);
        Assert.Equal(2, scene.Plan((Do(new PolicyAction.Balance(Resource.Cpu, 10) { Thorough = true }), null)).Steps.Length);
    }

    [Fact]
    public void Without_a_tolerance_hosts_that_differ_little_are_left_alone() =>
        Assert.Empty(new Scene().Host("h1").Host("h2").Vm("a", "h1", 20).Vm("b", "h1", 10, gib: 2)
            .Plan((Do(new PolicyAction.Balance(Resource.Cpu, 10) { Thorough = true }), null)).Steps);
}
