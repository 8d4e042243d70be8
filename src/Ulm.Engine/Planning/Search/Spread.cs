using System.Runtime.Intrinsics;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Search;

/// <summary>
/// How unevenly hosts are filled: for each resource, as a share of the host's capacity, the standard deviation from the share that all hosts would
/// have if they were even, so that unequal hosts compare. One lane of a vector for each: CPU, memory, vCPUs, number of VMs, and disk and network
/// traffic where they are known of every VM.
/// </summary>
internal sealed class Spread
{
    /// <summary>So many are in use.</summary>
    public const int Lanes = 6;

    private const int Cpu = 0;
    private const int Memory = 1;

    /// <summary>Below this a lane counts as even: a hundredth of what a reader of a chart would see.</summary>
    private const double Even = 1e-3;

    private readonly Vector512<double>[] _perUnit;
    private readonly Vector512<double>[] _offset;
    private readonly Vector512<double>[] _load;
    private Vector512<double> _squares;

    public Spread(Draft draft)
    {
        var hosts = Enumerable.Range(0, draft.On.Length).Select(draft.Host).ToList();
        var traffic = new Traffic(draft.Placement, hosts);
        _load = [.. Enumerable.Range(0, draft.HostOf.Length).Select(v => LoadOf(draft.Vm(v), draft.Demand[v], traffic)), Vector512<double>.Zero];
        // What a host is said to use counts, not only what its VMs add up to.
        var amounts = hosts.Select((h, i) => draft.Placement.VmsOn(h)
            .Aggregate(Vector512<double>.Zero, (sum, v) => sum + LoadOf(v, 0, traffic))
            .WithElement(Cpu, draft.Cpu[i]).WithElement(Memory, draft.Memory[i])).ToList();
        var total = amounts.Aggregate(Vector512<double>.Zero, (sum, a) => sum + a);
        // Nobody knows what a host has room for of these: as its memory, so of the rest.
        var perByte = total / total[Memory];
        _perUnit = [.. hosts.Select(h => Vector512.Create(
            1 / h.CpuCapacity, 1.0 / h.MemoryBytes, 1.0 / h.Cpus, PerMemory(h, perByte[3]), PerMemory(h, perByte[4]), 8 / (h.NetMbps * 1e6), 0, 0))];
        Aim = total / _perUnit.Aggregate(Vector512<double>.Zero, (sum, unit) => sum + Vector512.ConditionalSelect(
            Vector512.GreaterThan(unit, Vector512<double>.Zero), Vector512<double>.One / unit, Vector512<double>.One));
        _offset = [.. amounts.Select((a, i) => a * _perUnit[i] - Aim)];
        Measure();

        static double PerMemory(Host host, double perByte) => perByte > 0 ? 1 / (perByte * host.MemoryBytes) : 0;
    }

    /// <summary>The share each lane would have on every host of an even site.</summary>
    public Vector512<double> Aim { get; }

    /// <summary>What a unit of each lane takes of the host: one over its capacity.</summary>
    public Vector512<double> PerUnit(int host) => _perUnit[host];

    /// <summary>How far a host's shares are from <see cref="Aim"/>.</summary>
    public Vector512<double> Offset(int host) => _offset[host];

    /// <summary>What a VM brings.</summary>
    public Vector512<double> Load(int vm) => _load[vm];

    /// <summary>Of all lanes together, times the number of hosts: what one host's worth of difference counts does not depend on the size of the site.</summary>
    public double Total => Vector512.Sum(Vector512.Sqrt(_offset.Length * _squares));

    /// <summary>How much <see cref="Total"/> rises for each unit that the squared offset of one host rises by, as long as the rise is small.</summary>
    public Vector512<double> Slope =>
        Vector512.Create(0.5) / Vector512.Max(Vector512.Sqrt(_squares / _offset.Length), Vector512.Create(Even));

    public static int Lane(Resource resource) => resource == Resource.Memory ? Memory : Cpu;

    /// <summary>Takes <paramref name="load"/> from a host and gives it to another.</summary>
    public void Shift(Vector512<double> load, int from, int to)
    {
        _offset[from] -= load * _perUnit[from];
        _offset[to] += load * _perUnit[to];
        Measure();
    }

    private static Vector512<double> LoadOf(Vm vm, double demand, Traffic traffic) =>
        Vector512.Create(demand, vm.MemoryBytes, vm.Vcpus, 1, traffic.OfDisk(vm), traffic.OfNetwork(vm), 0, 0);

    private void Measure()
    {
        _squares = Vector512<double>.Zero;
        foreach (var offset in _offset) _squares += offset * offset;
    }
}
