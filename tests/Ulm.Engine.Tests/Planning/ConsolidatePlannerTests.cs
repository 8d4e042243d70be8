using Ulm.Bench.Clusters;
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

    /// <summary>A mean, an extreme or a forecast crosses its mark where what it is taken of stays above it; how steeply that rises has no level.</summary>
    [Theory]
    [InlineData(TimeFunction.Avg, 65)]
    [InlineData(TimeFunction.P95, 65)]
    [InlineData(TimeFunction.Forecast, 65)]
    [InlineData(TimeFunction.Rate, 100)]
    public void A_mark_over_time_is_a_mark(TimeFunction function, double limit)
    {
        var over = new Quantity.OverTime(function, PolicyAttribute.HostCpu, TimeSpan.FromMinutes(10), Unit.Percent, "");
        var above = new Condition.Comparison(over, ComparisonOperator.Greater, new Quantity.Constant(75, Unit.Percent, "75%"), "");
        var rule = Some.When("relieve", above, TimeSpan.Zero, new PolicyAction.Evacuate(true, Resource.Cpu));

        Assert.Equal(new PlacementLimits(limit, 95), new PlacementLimits(100, 95).ForConsolidation([rule]));
        Assert.Equal(new PlacementLimits(function == TimeFunction.Rate ? 100 : 75, 95), new PlacementLimits(100, 95).ForRule(rule));
    }

    /// <summary>A rule that watches memory says nothing about CPU.</summary>
    [Fact]
    public void A_mark_on_memory_does_not_lower_the_limit_on_cpu()
    {
        var limits = new PlacementLimits(100, 95).ForConsolidation([Evacuate(by: Resource.Memory, above: 85)]);

        Assert.Equal((100, 75), (limits.CpuPercent, limits.MemoryPercent));
    }

    /// <summary>Whatever takes VMs off a host above its mark would undo a packing to that mark.</summary>
    [Fact]
    public void A_mark_that_balances_or_drains_is_a_mark_too()
    {
        var full = Some.Above(PolicyAttribute.HostMemory, 85);
        var any = new Condition.Quantified(Quantifier.Any, SubjectKind.Host, full, "any host (host.memory > 85%)");
        var all = new Condition.Quantified(Quantifier.All, SubjectKind.Host, full, "all hosts (host.memory > 85%)");

        Assert.Equal([75, 75, 75, 95, 95], new[]
        {
            Some.When("r", full, default, new PolicyAction.Balance(Resource.Memory, 10)),
            Some.WhenCluster("r", any, default, new PolicyAction.Balance(Resource.Memory, 10)),
            Some.When("r", full, default, new PolicyAction.Drain(null)),
            // The others' being full says nothing of one that is emptied.
            Some.WhenCluster("r", all, default, new PolicyAction.Balance(Resource.Memory, 10)),
            Some.When("r", full, default, new PolicyAction.Notify("full", null)),
        }.Select(r => PlacementLimits.Default.ForConsolidation([r]).MemoryPercent));
    }

    [Fact]
    public void A_host_that_a_vm_is_bound_for_is_not_emptied()
    {
        var scene = new Scene().Host("h1").Host("h2").Host("h3").Vm("a", "h1", 10, gib: 20).Vm("b", "h2", 10).Vm("c", "h3", 10, gib: 30);
        scene.Moves.Add(new("a", "h1", "h2"));

        Assert.DoesNotContain(scene.Plan((Night, null)).Steps, s => s.Action is PlannedAction.Migrate { From: "h2" } or PlannedAction.PowerOff { Host: "h2" });
    }

    /// <summary>No packing needs fewer hosts than the memory of all VMs over what one host may hold.</summary>
    [Theory]
    [InlineData(1, 61, 954)]
    [InlineData(2, 61, 900)]
    [InlineData(3, 59, 1200)]
    public void A_hundred_hosts_are_packed_nearly_as_tightly_as_can_be(int seed, int hosts, double gib)
    {
        var cluster = GeneratedCluster.Create(100, 1000, seed);
        var facts = cluster.Facts(Now, withTraffic: false);
        var rule = Do(new PolicyAction.Consolidate());
        var plan = new Planner(Some.Policies(rule), PlacementLimits.Default).Plan(facts, [new("d", rule, null, Now, "")]);

        var moves = plan.Steps.Select(s => s.Action).Cast<PlannedAction.Migrate>().ToDictionary(m => m.Vm, m => m.To);
        var used = facts.Site.Vms.GroupBy(v => moves.GetValueOrDefault(v.Name, v.Host)).ToList();
        Assert.InRange(used.Count, 1, hosts);
        Assert.InRange(moves.Keys.Sum(v => facts.Site.Vm(v).MemoryBytes / (double)Some.GiB), 0, gib);
        Assert.All(used, host => Assert.True(host.Sum(v => v.MemoryBytes) <= 0.95 * facts.Site.Host(host.Key).MemoryBytes));
    }

    /// <summary>Host by host, the VM of the third would take the room that only the VM of the fourth needs.</summary>
    [Fact]
    public void All_hosts_that_are_emptied_are_packed_at_once()
    {
        var plan = new Scene().Host("h1", gib: 1000).Host("h2", gib: 100).Host("h3", gib: 100).Host("h4", gib: 100)
            .Vm("a", "h1", 1, gib: 900).Vm("b", "h2", 1, gib: 50).Vm("c", "h3", 1, gib: 40).Vm("d", "h4", 1, gib: 48)
            .Plan((Do(new PolicyAction.Consolidate()), null));

        Assert.Equal(["migrate vm c from h3 to h2", "migrate vm d from h4 to h1"], Texts(plan));
    }

    /// <summary>Three hosts with a large and a small VM each: nowhere is room for a second large one until a small one has moved aside.</summary>
    [Fact]
    public void A_small_vm_moves_aside_where_a_large_one_of_an_emptied_host_has_no_room_otherwise()
    {
        var plan = Rows("h1", "h2", "h3", "h4").Plan((Night, null));

        Assert.Equal(["power off host h1"], Texts(plan).Where(t => t.StartsWith("power", StringComparison.Ordinal)));
        Assert.Equal(["h1-large", "h1-small"], plan.Steps.Select(s => s.Action).OfType<PlannedAction.Migrate>().Where(m => m.From == "h1").Select(m => m.Vm).Order());
        var aside = Assert.Single(plan.Steps, s => s.Action is PlannedAction.Migrate { MakesRoomFor: "h1" });
        Assert.Equal("because; moves aside so that h1 can be emptied", aside.Reason);
    }

    [Fact]
    public void A_budget_that_cuts_off_a_host_cuts_off_what_would_have_made_room_for_it()
    {
        var rule = Night with { Budgets = [new RuleBudget(2, BudgetOf.Moves, null, "at most 2 moves")] };

        Assert.Empty(Rows("h1", "h2", "h3", "h4").Plan((rule, null)).Steps);
    }

    [Fact]
    public void What_moves_aside_is_no_host_that_a_budget_counts()
    {
        var rule = Do(new PolicyAction.Consolidate()) with { Budgets = [new RuleBudget(1, BudgetOf.Hosts, null, "at most 1 host")] };

        Assert.Equal(3, Rows("h1", "h2", "h3", "h4").Plan((rule, null)).Steps.Length);
    }

    /// <summary>Of 64 GiB, of which 60.8 may be used: one of 30, one of 15, room for one more of 15.</summary>
    private static Scene Rows(params string[] hosts) =>
        hosts.Aggregate(new Scene(), (scene, h) => scene.Host(h).Vm($"{h}-large", h, 1, gib: 30).Vm($"{h}-small", h, 1, gib: 15));

    [Fact]
    public void Vms_that_are_kept_together_are_moved_to_one_host()
    {
        var plan = new Scene().Host("h1").Host("h2").Vm("a", "h1", 1, gib: 30).Vm("b", "h2", 1, gib: 4).Vm("c", "h2", 1, gib: 4)
            .With(s => s.Constraints.Add(Some.Together(new Selector.Exactly(["b", "c"])))).Plan((Do(new PolicyAction.Consolidate()), null));

        Assert.Equal(["migrate vm b from h2 to h1", "migrate vm c from h2 to h1"], Texts(plan));
    }
}
