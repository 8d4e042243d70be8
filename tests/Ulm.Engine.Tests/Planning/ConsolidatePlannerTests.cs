using Ulm.Dsl.Policies;
using Ulm.Engine.Planning;
using static Ulm.Engine.Tests.Planning.Scene;

namespace Ulm.Engine.Tests.Planning;

public class ConsolidatePlannerTests
{
    private static readonly Rule Night = Do(new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0));

    [Fact]
    public void The_host_with_least_to_copy_is_emptied_onto_the_fullest_that_takes_it_and_then_powered_off()
    {
        var plan = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10, gib: 10).Vm("c", "h3", 10, gib: 4).Plan((Night, null));

        Assert.Equal(["migrate vm c from h3 to h1", "migrate vm b from h2 to h1", "power off host h3", "power off host h2"], Texts(plan));
        Assert.Equal([[], [], [1], [2]], plan.Steps.Select(s => s.After.ToArray()));
    }

    [Fact]
    public void A_host_of_which_one_vm_can_t_go_keeps_them_all()
    {
        var plan = new Scene().Host("h1", gib: 24).Host("h2").Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10, gib: 10).Vm("c", "h2", 10, gib: 2, tags: "pinned").Vm("d", "h2", 10, gib: 12)
            .With(s => s.Constraints.Add(Some.NeverMigrate(new Selector.Tagged("pinned")))).Plan((Do(new PolicyAction.Consolidate()), null));

        Assert.Equal(["migrate vm a from h1 to h2"], Texts(plan));
    }

    [Theory]
    [InlineData(75, 65.1, false)]
    [InlineData(75, 64.9, true)]
    public void It_fills_hosts_ten_points_below_the_mark_that_evacuates(double mark, double fills, bool moves)
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("a", "h1", 40, gib: 2).Vm("b", "h2", 50).With(s => s.HostCpu["h2"] = fills - 10);

        var planner = new Planner(Some.Policies(Evacuate(above: mark)), PlacementLimits.Default);
        var plan = planner.Plan(scene.Facts(), [new("d", Do(new PolicyAction.Consolidate()), null, Now, "")]);

        Assert.Equal(moves, Texts(plan).Contains("migrate vm a from h1 to h2"));
    }

    [Theory]
    [InlineData(1, "migrate vm c from h3 to h1,migrate vm b from h2 to h1,power off host h3,power off host h2")]
    [InlineData(2, "migrate vm c from h3 to h1,power off host h3")]
    [InlineData(3, "")]
    public void At_least_so_many_hosts_go_on_running_vms(int floor, string steps)
    {
        var rule = Do(new PolicyAction.Consolidate { ToAtLeastHosts = floor }, new PolicyAction.PowerOffIdle(0));

        Assert.Equal(steps, string.Join(',', Texts(new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10, gib: 10).Vm("c", "h3", 10, gib: 4).Plan((rule, null)))));
    }

    [Fact]
    public void Hosts_are_filled_no_further_than_the_sentence_says() =>
        Assert.Empty(Texts(new Scene().Host("h1").Host("h2").Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10, gib: 10).Plan((Do(new PolicyAction.Consolidate { BelowMemoryPercent = 40 }), null))));

    /// <summary>A rule that watches memory says nothing about CPU.</summary>
    [Fact]
    public void A_mark_on_memory_does_not_lower_the_limit_on_cpu()
    {
        var limits = new PlacementLimits(100, 95).ForConsolidation([Evacuate(by: Resource.Memory, above: 85)]);

        Assert.Equal(new PlacementLimits(100, 75), limits);
    }

    [Fact]
    public void A_host_that_a_vm_is_bound_for_is_not_emptied()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10).Vm("c", "h3", 10, gib: 30);
        scene.Moves.Add(new("a", "h1", "h2"));

        Assert.DoesNotContain(scene.Plan((Night, null)).Steps, s => s.Action is PlannedAction.Migrate { From: "h2" } or PlannedAction.PowerOff { Host: "h2" });
    }
}
