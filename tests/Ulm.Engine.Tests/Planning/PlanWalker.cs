using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Planning;

/// <summary>
/// Carries out a plan on paper, starting and ending its steps in any order that <see cref="PlanStep.After"/> allows, and looks at every
/// state on the way. Sums up by itself; shares nothing with planners but the scene.
/// </summary>
internal sealed class PlanWalker
{
    private readonly Scene _scene;
    private readonly Dictionary<string, double> _cpu;
    private readonly Dictionary<string, long> _memory;
    private readonly Dictionary<string, List<string>> _vmsOn;
    private readonly HashSet<string> _off;
    private readonly Dictionary<string, string> _under;
    private readonly ConstraintWitness _witness;

    private PlanWalker(Scene scene)
    {
        _scene = scene;
        _vmsOn = scene.Hosts.ToDictionary(h => h.Name, h => scene.Vms.Where(v => v.Host == h.Name).Select(v => v.Name).ToList());
        foreach (var move in scene.Moves) _vmsOn[move.To].Add(move.Vm);
        _memory = _vmsOn.ToDictionary(h => h.Key, h => h.Value.Sum(v => Vm(v).MemoryBytes));
        // A host that says it uses more than its VMs explain does use more.
        _cpu = scene.Hosts.ToDictionary(h => h.Name, h => Math.Max(
            double.IsNaN(scene.HostPercent(h)) ? 0 : scene.HostPercent(h) / 100 * h.CpuCapacity, _vmsOn[h.Name].Select(v => scene.Demand(Vm(v))).Where(double.IsFinite).Sum()));
        _under = scene.Moves.ToDictionary(m => m.Vm, m => m.To);
        _witness = new ConstraintWitness(
            // How many go at a time is the executor's to keep.
            new Site(scene.Hosts, scene.Vms), scene.Constraints.Where(c => c is not StandingConstraint.LimitMigrations), _under);
        _off = [.. scene.Hosts.Where(h => h.State != HostState.On).Select(h => h.Name)];
    }

    public static void Walk(Scene scene, Plan plan, int seed) => new PlanWalker(scene).Run(plan, new Random(seed));

    private void Run(Plan plan, Random random)
    {
        var waiting = plan.Steps.ToList();
        var started = new List<PlanStep>();
        var ended = new HashSet<int>();
        while (waiting.Count + started.Count > 0)
        {
            var ready = waiting.Where(s => s.After.All(ended.Contains)).ToList();
            Assert.True(ready.Count + started.Count > 0, "the steps wait for one another");
            var pick = random.Next(ready.Count + started.Count);
            if (pick < ready.Count)
            {
                Start(ready[pick].Action);
                waiting.Remove(ready[pick]);
                started.Add(ready[pick]);
            }
            else
            {
                var step = started[pick - ready.Count];
                started.Remove(step);
                ended.Add(step.Id);
                if (step.Action is PlannedAction.Migrate move) Leave(move);
            }
        }
    }

    private void Start(PlannedAction action)
    {
        switch (action)
        {
            case PlannedAction.Migrate move:
                var (vm, from, to) = (Vm(move.Vm), Host(move.From), Host(move.To));
                Assert.Equal([from.Name], _vmsOn.Where(h => h.Value.Contains(vm.Name)).Select(h => h.Key));
                Assert.Equal(from.Cluster, to.Cluster);
                Assert.DoesNotContain(to.Name, _off);
                Assert.True(vm.CpuModel is null || to.CpuModel is null || vm.CpuModel == to.CpuModel, $"{move}: CPU model");
                Assert.True(vm.NotMigratableBecause is null && !Pinned(vm), $"{move}: it may not");
                Assert.True(double.IsFinite(_scene.Demand(vm)) && double.IsFinite(_scene.HostPercent(to)), $"{move}: nobody knows what it uses");
                _vmsOn[to.Name].Add(vm.Name);
                _under[vm.Name] = to.Name;
                Judge(move);
                _memory[to.Name] += vm.MemoryBytes;
                _cpu[to.Name] += _scene.Demand(vm);
                Assert.True(_memory[to.Name] <= 0.95 * to.MemoryBytes, $"{move}: memory {_memory[to.Name]} of {to.MemoryBytes}");
                Assert.True(_cpu[to.Name] <= 0.80 * to.CpuCapacity + 1e-6, $"{move}: cpu {_cpu[to.Name]} of {to.CpuCapacity}");
                break;
            case PlannedAction.PowerOff off:
                Assert.Empty(_vmsOn[off.Host]);
                Assert.DoesNotContain(off.Host, _off);
                Assert.True(Host(off.Host).HasPowerControl);
                _off.Add(off.Host);
                Judge(off);
                var cluster = Host(off.Host).Cluster;
                var keep = _scene.Constraints.OfType<StandingConstraint.AlwaysKeepHostsOn>().Where(c => c.Cluster is null || c.Cluster == cluster).Select(c => c.Count).DefaultIfEmpty(0).Max();
                Assert.True(_scene.Hosts.Count(h => h.Cluster == cluster && !_off.Contains(h.Name)) >= keep, $"{off}: {keep} hosts of {cluster} must stay on");
                break;
            case PlannedAction.PowerOn on:
                Assert.Equal(HostState.Off, Host(on.Host).State);
                break;
        }
    }

    private void Leave(PlannedAction.Migrate move)
    {
        _vmsOn[move.From].Remove(move.Vm);
        _under.Remove(move.Vm);
        Judge(move);
        _memory[move.From] -= Vm(move.Vm).MemoryBytes;
        _cpu[move.From] = Math.Max(0, _cpu[move.From] - _scene.Demand(Vm(move.Vm)));
    }

    private void Judge(PlannedAction action)
    {
        var vms = _scene.Vms.Select(v => v with { Host = _vmsOn.Single(h => h.Value.Contains(v.Name) && (!_under.TryGetValue(v.Name, out var to) || h.Key != to)).Key });
        var hosts = _scene.Hosts.Select(h => _off.Contains(h.Name) && h.State == HostState.On ? h with { State = HostState.Off } : h);
        var broken = _witness.Judge(Scene.Now, new Site(hosts, vms), _under).ToList();
        Assert.True(broken.Count == 0, $"{action}: {string.Join("; ", broken)}");
    }

    private bool Pinned(Vm vm) => vm.Tags.Contains("pinned") && _scene.Constraints.OfType<StandingConstraint.NeverMigrate>().Any();

    private Vm Vm(string name) => _scene.Vms.Single(v => v.Name == name);

    private Host Host(string name) => _scene.Hosts.Single(h => h.Name == name);
}
