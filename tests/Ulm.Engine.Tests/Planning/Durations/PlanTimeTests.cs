using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Loop;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Durations;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Planning.Durations;

/// <summary>How long plans say they take: 4 GiB over 1000 Mbit/s are 34.4 s, and two seconds come on top of each migration.</summary>
public class PlanTimeTests
{
    private const double FourGib = 4 * Some.GiB / 125e6;

    [Fact]
    public void A_step_has_its_links_for_itself_and_the_plan_counts_what_shares_them()
    {
        var plan = Emptied(new Scene().Host("h1").Host("h2").Vm("big", "h2", 1, gib: 40).Vm("a", "h1", 1).Vm("b", "h1", 1));

        Assert.Equal([36.36, 36.36], Seconds(plan));
        Assert.Equal(2 + 2 * FourGib, plan.Takes!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void What_may_not_go_at_the_same_time_goes_one_after_another()
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("big", "h2", 1, gib: 40).Vm("a", "h1", 1).Vm("b", "h1", 1).Vm("c", "h1", 1);
        Assert.Equal(2 + 2 + 3 * FourGib, Emptied(scene).Takes!.Value.TotalSeconds, 3);

        scene.Constraints.Add(Some.LimitMigrations(1, null));
        Assert.Equal(3 * (2 + FourGib), Emptied(scene).Takes!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void A_power_off_waits_for_its_host_to_be_empty_and_idle_and_a_power_on_for_its_boot()
    {
        var off = new Scene().Host("h1").Host("h2").Vm("big", "h2", 1, gib: 40).Vm("a", "h1", 1)
            .Plan((Scene.Do(new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)), null));
        Assert.Equal([36.36, 300 + 30], Seconds(off));
        Assert.Equal(2 + FourGib + 330, off.Takes!.Value.TotalSeconds, 3);

        var on = new Scene().Host("h1").Host("h2", HostState.Off).Plan((Scene.Do(new PolicyAction.PowerOn(1)), null));
        Assert.Equal([120.0], Seconds(on));
    }

    /// <summary>Both have 62.5 MB/s, of which 40 go to what was written meanwhile.</summary>
    [Fact]
    public void What_shares_a_link_sends_more_again()
    {
        var plan = Emptied(Writing(40));

        Assert.Equal(MemoryCopy.Of(4 * Some.GiB, 40e6, 62.5e6).Takes!.Value.TotalSeconds, plan.Takes!.Value.TotalSeconds, 3);
        Assert.True(plan.Takes > TimeSpan.FromSeconds(180), $"{plan.Takes}");
        Assert.All(plan.Steps, s => Assert.InRange(s.Takes!.Value.TotalSeconds, 50, 55));
    }

    [Fact]
    public void Copies_that_end_alone_and_not_together_have_no_end_and_with_a_limit_they_have()
    {
        var scene = Writing(70);
        var together = Emptied(scene);
        Assert.All(together.Steps, s => Assert.Null(s.EndlessBecause));
        Assert.Null(together.Takes);

        scene.Constraints.Add(Some.LimitMigrations(1, null));
        Assert.Equal(2 * MemoryCopy.Of(4 * Some.GiB, 70e6, 125e6).Takes!.Value.TotalSeconds, Emptied(scene).Takes!.Value.TotalSeconds, 3);
    }

    private static Scene Writing(double megabytesPerSecond)
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("big", "h2", 1, gib: 40).Vm("a", "h1", 1).Vm("b", "h1", 1);
        foreach (var i in new[] { 1, 2 }) scene.Vms[i] = scene.Vms[i] with { DirtyBytesPerSecond = (long)(megabytesPerSecond * 1e6) };
        return scene;
    }

    [Fact]
    public void A_vm_that_writes_faster_than_the_link_sends_is_told_with_both_figures()
    {
        var scene = new Scene().Host("h1").Host("h2").Vm("big", "h2", 1, gib: 40).Vm("a", "h1", 1);
        scene.Vms[1] = scene.Vms[1] with { DirtyBytesPerSecond = 200 << 20 };

        var plan = Emptied(scene);

        Assert.Null(plan.Takes);
        Assert.Equal("vm a writes 200MiB/s to its memory, and the link from h1 to h2 carries 119.2MiB/s: the copy does not end by itself; a gentle migration is given up once nothing was gained for 2m", Assert.Single(plan.Steps).EndlessBecause);
    }

    /// <summary>The same estimate, and the simulation that shares links among migrations as they come: one says what the other does.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_plan_takes_as_long_as_its_simulation(int seed)
    {
        var random = new Random(seed);
        var hosts = Enumerable.Range(1, 6).Select(i => Some.Host($"h{i}", gib: 256) with { NetMbps = 1000 * (1 + random.Next(3)) }).ToList();
        var vms = Enumerable.Range(0, 25).Select(i => Some.Vm($"v{i:00}", $"h{1 + random.Next(5)}", 1 + random.Next(6), 1) with { DirtyBytesPerSecond = random.Next(60) << 20 }).Append(Some.Vm("big", "h6", 60)).ToList();
        var rule = Some.At("pack", new TimeOnly(0, 5), DaysOfWeek.Daily, new PolicyAction.Consolidate());
        var scene = new Scene();
        scene.Hosts.AddRange(hosts);
        scene.Vms.AddRange(vms);
        var plan = scene.Plan((rule, null));

        var result = new Simulator(new SimulationRequest(
            new Site(hosts, vms), new ConstantLoad(new Dictionary<string, double>()), Some.Policies(rule), Some.Monday, TimeSpan.FromHours(2), new LoopOptions())).Run();

        Assert.Equal(plan.Steps.Length, result.Migrations);
        Assert.InRange((result.Journal.Last(e => e.Kind == JournalKind.Ended).At - Some.Monday.AddMinutes(5) - plan.Takes!.Value).TotalSeconds, -0.1, 0.1);
    }

    private static Plan Emptied(Scene scene) => scene.Plan((Scene.Do(new PolicyAction.Consolidate()), null));

    private static IEnumerable<double> Seconds(Plan plan) => plan.Steps.Select(s => Math.Round(s.Takes!.Value.TotalSeconds, 2));
}
