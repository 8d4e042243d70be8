using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Tests.Planning;

/// <summary>Scenes of every sort: unequal hosts, several clusters, hosts off, draining or silent, unknown loads, forbidden VMs, moves under way.</summary>
internal static class RandomScenes
{
    private static readonly HostState[] States =
        [HostState.On, HostState.On, HostState.On, HostState.On, HostState.On, HostState.On, HostState.Off, HostState.Draining, HostState.Maintenance, HostState.Unreachable, HostState.PoweringOn];

    public static readonly Gen<Scene> Scenes = Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 20], Gen.Int[0, 150], (seed, hosts, vms) => Make(new Random(seed), hosts, vms));

    /// <summary>Decisions of one look, in any order: the arbiter puts those of hosts first, which planners must not rely on.</summary>
    public static (Rule Rule, string? On)[] Decisions(Scene scene, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(6) switch
        {
            0 or 1 => (Scene.Evacuate(random.Next(2) == 0, random.Next(3) == 0 ? Resource.Memory : Resource.Cpu, random.Next(50, 90)), scene.Hosts[random.Next(scene.Hosts.Count)].Name),
            2 => (Scene.Do(new PolicyAction.Consolidate(), new PolicyAction.PowerOffIdle(random.Next(3))), (string?)null),
            3 => (Scene.Do(new PolicyAction.Balance(random.Next(2) == 0 ? Resource.Cpu : Resource.Memory, 5 + random.Next(20))), null),
            4 => (Scene.Do(new PolicyAction.PowerOffIdle(random.Next(2))), null),
            _ => (Scene.Do(new PolicyAction.PowerOn(1 + random.Next(3)), new PolicyAction.Consolidate()), null),
        })];
    }

    private static string[] Tags(Random random) => random.Next(10) switch { 0 => ["pinned"], 1 => ["db"], 2 => ["app"], 3 => ["oracle"], 4 => ["db", "oracle"], _ => [] };

    private static Scene Make(Random random, int hosts, int vms)
    {
        var scene = new Scene();
        var (clusters, fill) = (1 + random.Next(3), random.NextDouble());
        for (var i = 0; i < hosts; i++)
        {
            scene.Hosts.Add(Some.Host($"h{i:00}", States[random.Next(States.Length)], 32 << random.Next(3), 4 << random.Next(3)) with
            {
                Cluster = $"c{random.Next(clusters)}",
                CpuMips = random.Next(3) == 0 ? 2000 : 1000,
                CpuModel = random.Next(4) switch { 0 => "epyc", 1 => "xeon", _ => null },
                HasPowerControl = random.Next(5) > 0,
                Tags = random.Next(2) == 0 ? ["licensed"] : [],
            });
        }

        var running = scene.Hosts.Where(h => h.State is not (HostState.Off or HostState.PoweringOn)).ToList();
        for (var i = 0; i < vms && running.Count > 0; i++)
        {
            var host = running[random.Next(running.Count)];
            var gib = 1 << random.Next(5);
            var held = scene.Vms.Where(v => v.Host == host.Name).Sum(v => v.MemoryBytes);
            if (held + gib * Some.GiB > host.MemoryBytes * (0.3 + 0.7 * fill)) continue;
            scene.Vms.Add(Some.Vm($"v{i:000}", host.Name, gib, 1 << random.Next(3), Tags(random)) with
            {
                CpuModel = random.Next(8) == 0 ? "epyc" : null,
                NotMigratableBecause = random.Next(20) == 0 ? "a host device" : null,
            });
            scene.VmCpu[$"v{i:000}"] = random.Next(20) == 0 ? double.NaN : 100 * Math.Pow(random.NextDouble(), 2);
        }

        foreach (var host in running.Where(_ => random.Next(12) == 0)) scene.HostCpu[host.Name] = double.NaN;
        foreach (var host in running.Where(_ => random.Next(6) == 0)) scene.HostCpu[host.Name] = random.Next(100);
        if (random.Next(2) == 0) scene.Constraints.Add(Some.NeverMigrate(new Selector.Tagged("pinned")));
        if (random.Next(2) == 0) scene.Constraints.Add(Some.AlwaysKeepOn(random.Next(4)));
        if (random.Next(3) == 0) scene.Constraints.Add(Some.AlwaysKeepOn(random.Next(4), "c0"));
        foreach (var constraint in Some.AnyConstraints(random)) scene.Constraints.Add(constraint);
        foreach (var vm in scene.Vms.Where(_ => random.Next(25) == 0).ToList())
        {
            var to = scene.Hosts.Where(h => h.State == HostState.On && h.Name != vm.Host && h.Cluster == scene.Hosts.Single(x => x.Name == vm.Host).Cluster).ToList();
            if (to.Count > 0) scene.Moves.Add(new(vm.Name, vm.Host, to[random.Next(to.Count)].Name));
        }

        return scene;
    }
}
