using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Constraints;

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
    private readonly Reading[] _measured;
    private readonly Chunked<int> _hostOf;
    private readonly Chunked<double> _cpu;
    private readonly Chunked<long> _memory;
    private readonly Chunked<ImmutableArray<int>> _vmsOn;

    private Placement(Placement from, Chunked<int> hostOf, Chunked<double> cpu, Chunked<long> memory, Chunked<ImmutableArray<int>> vmsOn)
    {
        Facts = from.Facts;
        Constraints = from.Constraints;
        _hostIndex = from._hostIndex;
        _vmIndex = from._vmIndex;
        _demand = from._demand;
        _measured = from._measured;
        (_hostOf, _cpu, _memory, _vmsOn) = (hostOf, cpu, memory, vmsOn);
    }

    public Placement(SiteFacts facts)
        : this(facts, ConstraintSet.None)
    {
    }

    /// <summary>The placement as the facts have it. A VM under way counts on both of its hosts.</summary>
    public Placement(SiteFacts facts, ConstraintSet constraints)
    {
        Facts = facts;
        var (hosts, vms) = (facts.Site.Hosts, facts.Site.Vms);
        (_hostIndex, _vmIndex) = (facts.Site.HostNumbers, facts.Site.VmNumbers);
        _demand = [.. vms.Select(v => v.CpuDemand(facts.Read(v.Ref, PolicyAttribute.VmCpu).Value))];
        _measured = [.. hosts.Select(h => facts.Read(h.Ref, PolicyAttribute.HostCpu))];
        int[] hostOf = [.. vms.Select(v => _hostIndex[v.Host])];
        var cpu = new double[hosts.Length];
        var memory = new long[hosts.Length];
        var vmsOn = ByHost(hostOf, hosts.Length);
        for (var v = 0; v < vms.Length; v++) Add(hostOf[v], v);
        foreach (var move in facts.Moves)
        {
            if (!_vmIndex.TryGetValue(move.Vm, out var v) || !_hostIndex.TryGetValue(move.To, out var to) || to == hostOf[v]) continue;
            Add(to, v);
            // Where its host fell silent nobody knows what it will use, and its target has not measured it yet: all it could.
            if (!double.IsFinite(_demand[v])) cpu[to] += vms[v].CpuDemand(100);
        }

        for (var h = 0; h < hosts.Length; h++)
        {
            // The larger of what the host says, with the VMs that came since it was measured, and what its VMs add up to.
            var reading = _measured[h];
            var measured = reading.Value / 100 * hosts[h].CpuCapacity;
            foreach (var v in vmsOn[h]) if (facts.ArrivedAt.TryGetValue(vms[v].Name, out var came) && came > reading.At && double.IsFinite(_demand[v])) measured += _demand[v];
            if (measured > cpu[h]) cpu[h] = measured;
        }

        (_hostOf, _cpu, _memory, _vmsOn) = (new(hostOf), new(cpu), new(memory), new(vmsOn));
        Constraints = new SiteConstraints(constraints, facts, h => _hostIndex.GetValueOrDefault(h, -1), v => _vmIndex.GetValueOrDefault(v, -1));

        void Add(int host, int vm)
        {
            if (double.IsFinite(_demand[vm])) cpu[host] += _demand[vm];
            memory[host] += vms[vm].MemoryBytes;
        }
    }

    private static ImmutableArray<int>[] ByHost(int[] hostOf, int hosts)
    {
        var count = new int[hosts];
        foreach (var host in hostOf) count[host]++;
        var vmsOn = count.Select(c => ImmutableArray.CreateBuilder<int>(c)).ToArray();
        for (var vm = 0; vm < hostOf.Length; vm++) vmsOn[hostOf[vm]].Add(vm);
        return [.. vmsOn.Select(v => v.MoveToImmutable())];
    }

    public SiteFacts Facts { get; }

    public Site Site => Facts.Site;

    /// <summary>What holds in this placement and in all that come of it.</summary>
    public SiteConstraints Constraints { get; }

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

    /// <summary>What the host itself says it uses, as it was when the facts were taken.</summary>
    public Reading MeasuredCpu(Host host) => _measured[_hostIndex[host.Name]];

    /// <summary>The placement after a move. Whether it is allowed is the filters' question, not asked here.</summary>
    public Placement Move(Vm vm, Host target)
    {
        var v = _vmIndex[vm.Name];
        var (from, to) = (_hostOf[v], _hostIndex[target.Name]);
        var demand = double.IsFinite(_demand[v]) ? _demand[v] : 0;
        return new Placement(
            this,
            _hostOf.With(v, to),
            _cpu.With(from, Math.Max(0, _cpu[from] - demand)).With(to, _cpu[to] + demand),
            _memory.With(from, _memory[from] - vm.MemoryBytes).With(to, _memory[to] + vm.MemoryBytes),
            _vmsOn.With(from, _vmsOn[from].Remove(v)).With(to, _vmsOn[to].Add(v)));
    }

    // By number, for searches over all hosts: names are looked up once, not for each host that is tried.

    internal int IndexOf(Vm vm) => _vmIndex[vm.Name];

    internal int IndexOf(Host host) => _hostIndex[host.Name];

    internal int HostAt(int vm) => _hostOf[vm];

    internal double DemandAt(int vm) => _demand[vm];

    internal double CpuAt(int host) => _cpu[host];

    internal long MemoryAt(int host) => _memory[host];

    internal ImmutableArray<int> VmsAt(int host) => _vmsOn[host];

    internal bool IsEmptyAt(int host) => _vmsOn[host].IsEmpty;

    internal bool CpuIsKnownAt(int host) => _measured[host].IsKnown;
}
