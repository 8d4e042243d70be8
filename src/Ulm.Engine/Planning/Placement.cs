using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>
/// Which VM is on which host, with what each host then carries. Immutable: a move gives a new placement and leaves this one as it
/// was, so that a planner drops a try by forgetting it. Hosts and VMs are numbered as in the site.
/// </summary>
public sealed class Placement
{
    private readonly Dictionary<string, int> _hostIndex;
    private readonly Dictionary<string, int> _vmIndex;
    private readonly double[] _demand;
    private readonly int[] _hostOf;
    private readonly double[] _cpu;
    private readonly long[] _memory;
    private readonly ImmutableArray<int>[] _vmsOn;

    private Placement(Placement from, int[] hostOf, double[] cpu, long[] memory, ImmutableArray<int>[] vmsOn)
    {
        Facts = from.Facts;
        _hostIndex = from._hostIndex;
        _vmIndex = from._vmIndex;
        _demand = from._demand;
        (_hostOf, _cpu, _memory, _vmsOn) = (hostOf, cpu, memory, vmsOn);
    }

    /// <summary>The placement as the facts have it. A VM under way counts on both of its hosts.</summary>
    public Placement(SiteFacts facts)
    {
        Facts = facts;
        var (hosts, vms) = (facts.Site.Hosts, facts.Site.Vms);
        _hostIndex = hosts.Select((h, i) => (h.Name, i)).ToDictionary(x => x.Name, x => x.i, StringComparer.Ordinal);
        _vmIndex = vms.Select((v, i) => (v.Name, i)).ToDictionary(x => x.Name, x => x.i, StringComparer.Ordinal);
        _demand = [.. vms.Select(v => v.CpuDemand(facts.Read(v.Ref, PolicyAttribute.VmCpu).Value))];
        _hostOf = [.. vms.Select(v => _hostIndex[v.Host])];
        _cpu = new double[hosts.Length];
        _memory = new long[hosts.Length];
        _vmsOn = new ImmutableArray<int>[hosts.Length];
        Array.Fill(_vmsOn, []);
        foreach (var group in Enumerable.Range(0, vms.Length).GroupBy(v => _hostOf[v])) _vmsOn[group.Key] = [.. group];
        for (var v = 0; v < vms.Length; v++) Add(_hostOf[v], v);
        foreach (var move in facts.Moves)
        {
            if (!_vmIndex.TryGetValue(move.Vm, out var v) || !_hostIndex.TryGetValue(move.To, out var to) || to == _hostOf[v]) continue;
            Add(to, v);
            // Where its host fell silent nobody knows what it will use, and its target has not measured it yet: all it could.
            if (!double.IsFinite(_demand[v])) _cpu[to] += vms[v].CpuDemand(100);
        }

        for (var h = 0; h < hosts.Length; h++)
        {
            // The larger of what the host says, with the VMs that came since it was measured, and what its VMs add up to.
            var reading = facts.Read(hosts[h].Ref, PolicyAttribute.HostCpu);
            var measured = reading.Value / 100 * hosts[h].CpuCapacity;
            foreach (var v in _vmsOn[h]) if (facts.ArrivedAt.TryGetValue(vms[v].Name, out var came) && came > reading.At && double.IsFinite(_demand[v])) measured += _demand[v];
            if (measured > _cpu[h]) _cpu[h] = measured;
        }

        void Add(int host, int vm)
        {
            if (double.IsFinite(_demand[vm])) _cpu[host] += _demand[vm];
            _memory[host] += vms[vm].MemoryBytes;
        }
    }

    public SiteFacts Facts { get; }

    public Site Site => Facts.Site;

    public Host HostOf(Vm vm) => Site.Hosts[_hostOf[_vmIndex[vm.Name]]];

    public IEnumerable<Vm> VmsOn(Host host) => _vmsOn[_hostIndex[host.Name]].Select(v => Site.Vms[v]);

    public bool IsEmpty(Host host) => _vmsOn[_hostIndex[host.Name]].IsEmpty;

    /// <summary>MIPS that the VM uses; NaN where it is not known.</summary>
    public double Demand(Vm vm) => _demand[_vmIndex[vm.Name]];

    public double Cpu(Host host) => _cpu[_hostIndex[host.Name]];

    public long Memory(Host host) => _memory[_hostIndex[host.Name]];

    public double CpuPercent(Host host) => Cpu(host) / host.CpuCapacity * 100;

    public double MemoryPercent(Host host) => (double)Memory(host) / host.MemoryBytes * 100;

    public double Percent(Host host, Resource resource) => resource == Resource.Cpu ? CpuPercent(host) : MemoryPercent(host);

    /// <summary>The share of a host's resource that a VM takes, per cent of that host. NaN where the VM's use is not known.</summary>
    public double ShareOf(Vm vm, Host host, Resource resource) =>
        resource == Resource.Cpu ? Demand(vm) / host.CpuCapacity * 100 : (double)vm.MemoryBytes / host.MemoryBytes * 100;

    /// <summary>Hosts on which this VM's memory fits, the fullest first (by memory); equally full ones by name.</summary>
    public IEnumerable<Host> HostsWithRoom(Vm vm, double memoryPercent)
    {
        var fitting = new List<(double Full, int Host)>();
        for (var h = 0; h < _memory.Length; h++)
        {
            var capacity = Site.Hosts[h].MemoryBytes;
            if (_memory[h] + vm.MemoryBytes <= memoryPercent / 100 * capacity) fitting.Add(((double)_memory[h] / capacity, h));
        }

        fitting.Sort((a, b) => a.Full != b.Full ? b.Full.CompareTo(a.Full) : a.Host.CompareTo(b.Host));
        return fitting.Select(f => Site.Hosts[f.Host]);
    }

    /// <summary>The placement after a move. Whether it is allowed is the filters' question, not asked here.</summary>
    public Placement Move(Vm vm, Host target)
    {
        var v = _vmIndex[vm.Name];
        var (from, to) = (_hostOf[v], _hostIndex[target.Name]);
        var hostOf = (int[])_hostOf.Clone();
        var cpu = (double[])_cpu.Clone();
        var memory = (long[])_memory.Clone();
        var vmsOn = (ImmutableArray<int>[])_vmsOn.Clone();
        var demand = double.IsFinite(_demand[v]) ? _demand[v] : 0;
        hostOf[v] = to;
        cpu[from] = Math.Max(0, cpu[from] - demand);
        cpu[to] += demand;
        memory[from] -= vm.MemoryBytes;
        memory[to] += vm.MemoryBytes;
        vmsOn[from] = vmsOn[from].Remove(v);
        vmsOn[to] = vmsOn[to].Add(v);
        return new Placement(this, hostOf, cpu, memory, vmsOn);
    }
}
