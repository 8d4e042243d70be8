using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>How full the other hosts of a cluster would be, all together, with everything that runs on one of them.</summary>
/// <param name="Hosts">The others that are on and open.</param>
/// <param name="Memory">Per cent.</param>
/// <param name="Cpu">Per cent; NaN where the use of a VM is not known.</param>
public sealed record RoomElsewhere(int Hosts, double Memory, double Cpu)
{
    /// <param name="leaving">How full the others are by <paramref name="placement"/>, with what runs on this host on top.</param>
    public static RoomElsewhere Of(Placement placement, Host leaving)
    {
        var others = placement.Site.Hosts.Where(h => h != leaving && h.Cluster == leaving.Cluster && h.State == HostState.On).ToList();
        var vms = placement.VmsOn(leaving).ToList();
        return new RoomElsewhere(
            others.Count,
            100.0 * (others.Sum(placement.Memory) + vms.Sum(v => v.MemoryBytes)) / others.Sum(h => h.MemoryBytes),
            100.0 * (others.Sum(placement.Cpu) + vms.Sum(placement.Demand)) / others.Sum(h => h.CpuCapacity));
    }

    /// <summary><c>the other 3 hosts would be at 93% memory and 41% cpu in the mean</c></summary>
    public override string ToString() => Hosts == 0
        ? "no other host of its cluster is on and open"
        : $"the other {(Hosts == 1 ? "host" : $"{Hosts} hosts")} would be at {Show.Percent(Math.Round(Memory))} memory and {(double.IsFinite(Cpu) ? Show.Percent(Math.Round(Cpu)) : "an unknown share of their")} cpu{(Hosts == 1 ? "" : " in the mean")}";
}
