using Ulm.Engine.Inventory;

namespace Ulm.PlanetLab.Reference;

/// <summary>
/// Where VMs are at the beginning: in their order, each where it costs least power, as if it used all it could; of the ones before it only the CPU they could
/// use counts. All 800 hosts are used on each day.
/// </summary>
public static class StartPlacement
{
    /// <returns>For each row of the day the number of its host.</returns>
    public static IReadOnlyList<int> Of(TraceDay day) => Place(day, (host, vm) => host.Cost(vm));

    /// <summary>Each VM on the first host that takes it: how the run without moves begins.</summary>
    public static IReadOnlyList<int> FirstFit(TraceDay day) => Place(day, (_, _) => 0);

    private static List<int> Place(TraceDay day, Func<Taken, Vm, double> cost)
    {
        var hosts = Enumerable.Range(0, Machines.HostCount).Select(n => new Taken(Machines.HostAt(n))).ToList();
        var placed = new List<int>();
        for (var v = 0; v < day.Rows.Count; v++)
        {
            var vm = Machines.VmAt(v, day, "");
            var best = Enumerable.Range(0, hosts.Count).Where(h => hosts[h].Takes(vm)).MinBy(h => cost(hosts[h], vm));
            hosts[best].Add(vm);
            placed.Add(best);
        }

        return placed;
    }

    private sealed class Taken(Host host)
    {
        private double _mips;
        private long _bytes;

        public bool Takes(Vm vm) => host.CpuMips >= vm.CpuMips && host.CpuCapacity - _mips >= vm.CpuMips && host.MemoryBytes - _bytes >= vm.MemoryBytes;

        public double Cost(Vm vm) => host.Power.At((_mips + vm.CpuMips) / host.CpuCapacity) - host.Power.At(0);

        public void Add(Vm vm) => (_mips, _bytes) = (_mips + vm.CpuMips, _bytes + vm.MemoryBytes);
    }
}
