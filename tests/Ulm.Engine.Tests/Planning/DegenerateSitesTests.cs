using Ulm.Dsl.Policies;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Tests.Planning;

/// <summary>Sites at the edge of what is one: every planner answers, and nothing goes where there is nothing.</summary>
public class DegenerateSitesTests
{
    public static TheoryData<string> Sites => ["no host", "one host", "no CPUs", "no memory", "empty VMs", "nothing known"];

    [Theory]
    [MemberData(nameof(Sites))]
    public void Every_planner_answers_and_no_vm_goes_to_a_host_without_cpus_or_memory(string kind)
    {
        var scene = Make(kind).With(s => s.Constraints.AddRange([Some.ReserveHosts(1), Some.ReserveShare(Resource.Memory, 10), Some.ReserveShare(Resource.Cpu, 10), Some.OvercommitCpu(4)]));
        scene.Upkeep = true;

        var plan = scene.Plan(
            (Scene.Evacuate(), "h1"), (Scene.Evacuate(by: Resource.Memory), "h1"), (Scene.Do(new PolicyAction.Balance(Resource.Cpu, 10)), null), (Scene.Do(new PolicyAction.Balance(Resource.Memory, 10) { Thorough = true }), null),
            (Scene.Do(new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(0)), null), (Scene.Do(new PolicyAction.PowerOn(1)), null), (Scene.Do(new PolicyAction.Drain("h1")), null));

        Assert.DoesNotContain(plan.Steps.Select(s => s.Action).OfType<PlannedAction.Migrate>(), m => scene.Hosts.Single(h => h.Name == m.To) is { CpuCapacity: 0 } or { MemoryBytes: 0 });
        Assert.All(plan.Refused.SelectMany(r => r.Why), why => Assert.False(why.Contains("NaN", StringComparison.Ordinal), why));
        Assert.True(plan.Takes >= TimeSpan.Zero);
    }

    private static Scene Make(string kind)
    {
        if (kind == "no host") return new Scene();
        var scene = new Scene().Host("h1").Vm("a", "h1", 90, gib: 40, vcpus: 6).Vm("b", "h1", 20);
        switch (kind)
        {
            case "no CPUs":
                return scene.Host("h2", cpus: 0);
            case "no memory":
                return scene.Host("h2", gib: 0);
            case "empty VMs":
                return scene.Host("h2").Vm("c", "h2", 0, gib: 0, vcpus: 0).Vm("d", "h1", 0, gib: 0, vcpus: 0);
            case "nothing known":
                foreach (var vm in scene.Vms) scene.VmCpu[vm.Name] = double.NaN;
                foreach (var host in scene.Host("h2").Hosts) scene.HostCpu[host.Name] = double.NaN;
                return scene;
            default:
                return scene;
        }
    }
}
