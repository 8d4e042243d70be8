using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

/// <summary>The project's first algorithm. Hosts have 8 CPUs: 2 vCPUs at 100 % take 25 points of one.</summary>
public class EvacuatePlannerTests
{
    [Fact]
    public void It_takes_the_heaviest_vm_to_the_host_with_most_room() =>
        Assert.Equal(["migrate vm heavy from h1 to h3"], Texts(Hot().Vm("x", "h2", 100).Plan((Evacuate(), "h1"))));

    [Fact]
    public void One_firing_makes_one_move() => Assert.Single(Hot().Plan((Evacuate(), "h1")).Steps);

    [Theory]
    [InlineData(true, "migrate vm medium from h1 to h3")]
    [InlineData(false, null)]
    public void A_heaviest_that_fits_nowhere_gives_way_to_the_second_only_with_fitting(bool fitting, string? move)
    {
        var plan = Hot(heavyGib: 62).Vm("x", "h2", 100).Vm("y", "h3", 0).Plan((Evacuate(fitting), "h1"));

        Assert.Equal(move is null ? [] : [move], Texts(plan));
        if (fitting) return;
        var refusal = Assert.Single(plan.Refused);
        Assert.Equal((RefusalCode.NoHostFits, "host/h1"), (refusal.Code, refusal.Subject));
        Assert.Equal(
            ["vm heavy: h2 memory 4GiB + 62GiB of 64GiB is over 95%; h3 memory 4GiB + 62GiB of 64GiB is over 95%"],
            refusal.Why.AsEnumerable());
    }

    [Fact]
    public void What_would_put_the_target_over_the_rule_s_own_mark_does_not_fit()
    {
        var plan = Hot().With(s => s.HostCpu["h2"] = 51).With(s => s.HostCpu["h3"] = 52).Plan((Evacuate(fitting: false), "h1"));

        Assert.Equal(["vm heavy: h2 cpu 51% + 25% is over 75%; h3 cpu 52% + 25% is over 75%"], Assert.Single(plan.Refused).Why.AsEnumerable());
    }

    [Fact]
    public void Every_vm_that_was_tried_is_named_with_its_reason()
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("a", "h1", 100, tags: "pinned").Vm("b", "h1", 90, gib: 62).Vm("c", "h1", 1).Vm("x", "h2", 0);
        scene.Constraints.Add(Some.NeverMigrate(new Selector.Tagged("pinned")));

        Assert.Equal(
            ["vm a: \"never migrate vm\"", "vm b: h2 memory 4GiB + 62GiB of 64GiB is over 95%", "vm c: takes 0.3% of h1, less than 1%: moving it would not be felt"],
            Assert.Single(scene.Plan((Evacuate(), "h1")).Refused).Why.AsEnumerable());
    }

    [Fact]
    public void By_memory_the_largest_is_the_heaviest() =>
        Assert.Equal(["migrate vm large from h1 to h2"], Texts(new Scene().Host("h1").Host("h2")
            .Vm("busy", "h1", 100, gib: 4).Vm("large", "h1", 1, gib: 20).Plan((Evacuate(by: Resource.Memory), "h1"))));

    [Fact]
    public void Equally_heavy_vms_go_by_name() =>
        Assert.Equal(["migrate vm a from h1 to h2"], Texts(new Scene().Host("h1").Host("h2").Vm("b", "h1", 90).Vm("a", "h1", 90).Plan((Evacuate(), "h1"))));

    [Fact]
    public void A_vm_whose_use_is_unknown_is_not_moved() =>
        Assert.Equal(["migrate vm b from h1 to h2"], Texts(new Scene().Host("h1").Host("h2").Vm("a", "h1", double.NaN, vcpus: 8).Vm("b", "h1", 90).Plan((Evacuate(), "h1"))));

    [Theory]
    [InlineData(HostState.Draining, "closed to newcomers")]
    [InlineData(HostState.Maintenance, "in maintenance")]
    [InlineData(HostState.Unreachable, "unreachable")]
    [InlineData(HostState.Off, "off")]
    public void A_host_that_is_not_on_takes_nobody(HostState state, string reason)
    {
        var plan = new Scene().Host("h1").Host("h2", state).Vm("a", "h1", 90).Plan((Evacuate(), "h1"));

        Assert.Equal([$"vm a: h2 is {reason}"], Assert.Single(plan.Refused).Why.AsEnumerable());
    }

    [Fact]
    public void A_host_that_runs_no_vm_is_hot_by_itself() =>
        Assert.Equal(RefusalCode.NothingToGain, Assert.Single(new Scene().Host("h1").Host("h2").Plan((Evacuate(), "h1")).Refused).Code);

    /// <summary>Its host has fallen silent since it set out: what it will use at its target is not known, and is not taken for nothing.</summary>
    [Fact]
    public void A_vm_under_way_whose_use_is_unknown_counts_with_all_its_vcpus()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("silent", HostState.Unreachable).Vm("a", "h1", 100).Vm("under-way", "silent", double.NaN, vcpus: 5);
        scene.Moves.Add(new("under-way", "silent", "h2"));

        Assert.Equal(["vm a: h2 cpu 62.5% + 25% is over 75%; silent is unreachable"], Assert.Single(scene.Plan((Evacuate(), "h1")).Refused).Why.AsEnumerable());
    }

    /// <summary>Two decisions of one look, the second of which would like to send on what the first has just sent.</summary>
    [Fact]
    public void A_vm_moves_once_in_a_plan()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 100, vcpus: 4).Vm("x", "h2", 10).Vm("y", "h3", 100, vcpus: 1);

        var plan = scene.Plan((Evacuate(), "h1"), (Evacuate(), "h2"));

        Assert.Single(plan.Steps.Select(s => s.Action).OfType<PlannedAction.Migrate>(), m => m.Vm == "a");
    }

    private static Scene Hot(long heavyGib = 4) => new Scene().Host("h1").Host("h2").Host("h3")
        .Vm("light", "h1", 50).Vm("heavy", "h1", 100, heavyGib).Vm("medium", "h1", 80);
}
