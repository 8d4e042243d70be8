using Ulm.Dsl.Policies;
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

    /// <summary>A VM that is little to a large host can be much to a small one: the two come closer while the site falls apart.</summary>
    [Fact]
    public void A_small_host_is_not_filled_beyond_what_the_large_one_had()
    {
        var scene = new Scene().Host("large", cpus: 32).Host("small", cpus: 4).Host("third", cpus: 32)
            .Vm("a", "large", 100, vcpus: 2).With(s => s.HostCpu["large"] = 40).With(s => s.HostCpu["small"] = 10).With(s => s.HostCpu["third"] = 15);

        Assert.Empty(scene.Plan((Balance, null)).Steps);
    }

    [Fact]
    public void Clusters_are_evened_out_each_for_itself()
    {
        var scene = new Scene().Vm("a", "h1", 100).Vm("b", "h1", 100);
        scene.Hosts.AddRange([Some.Host("h1") with { Cluster = "x" }, Some.Host("h2") with { Cluster = "y" }]);

        Assert.Empty(scene.Plan((Balance, null)).Steps);
    }
}
