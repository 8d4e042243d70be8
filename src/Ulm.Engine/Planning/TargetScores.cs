using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>One reason for or against a host, from -1 to 1; the higher the better.</summary>
public sealed record TargetScore(string Name, double Weight, double Value);

/// <summary>
/// What makes one host that can take a VM better than another: a list of named, weighted scores, so that any choice can be shown as a table.
/// Nothing here forbids anything; that is what filters do.
/// </summary>
public static class TargetScores
{
    /// <summary>How full the host is after the move: with coolest the share that stays free, with fullest the share that is used.</summary>
    public const double RoomWeight = 1;

    /// <summary><c>prefer apart</c>: 1 less where a VM of the kind is there. As much as a host's whole room: kept wherever there is a choice.</summary>
    public const double ApartWeight = 2;

    /// <summary><c>prefer together</c>: the share of the others that are there.</summary>
    public const double TogetherWeight = 1;

    /// <summary>Migrations under way there, which this one would have to wait for.</summary>
    public const double QueueWeight = 0.02;

    private const int LongestQueue = 10;

    public static ImmutableArray<TargetScore> Of(Placement placement, Vm vm, Host target, Resource by, HostPreference preference)
    {
        var (v, h) = (placement.IndexOf(vm), placement.IndexOf(target));
        return
        [
            new("room", RoomWeight, Room(placement, v, h, by, preference)),
            new("apart", ApartWeight, Apart(placement, v, h)),
            new("together", TogetherWeight, Together(placement, v, h)),
            new("queue", QueueWeight, Queue(placement, h)),
        ];
    }

    /// <summary>The weighted sum.</summary>
    internal static double Sum(Placement placement, int vm, int target, Resource by, HostPreference preference) =>
        RoomWeight * Room(placement, vm, target, by, preference) + ApartWeight * Apart(placement, vm, target)
        + TogetherWeight * Together(placement, vm, target) + QueueWeight * Queue(placement, target);

    /// <summary>The best of the hosts that can take the VM, equally good ones by name; null: none can.</summary>
    /// <param name="open">Hosts that may be asked.</param>
    public static Host? Best(
        Placement placement, Vm vm, Resource by, HostPreference preference, PlacementLimits limits, Func<Host, bool> open, bool ignoreCooldown = false)
    {
        var (v, hosts) = (placement.IndexOf(vm), placement.Site.Hosts);
        var alone = placement.Constraints.UnitOf(v).Length == 1;
        var (best, most) = (-1, double.NegativeInfinity);
        for (var h = 0; h < hosts.Length; h++)
        {
            // Cheapest question first: of thousands of hosts only a handful is ever the best so far.
            var score = Sum(placement, v, h, by, preference);
            if (score <= most || PlacementFilters.Objection(placement, v, h, limits, asGroup: !alone) is not null || !open(hosts[h])) continue;
            if (!alone && UnitMoves.Try(placement, vm, hosts[h], limits, ignoreCooldown).Why is not null) continue;
            (best, most) = (h, score);
        }

        return best < 0 ? null : hosts[best];
    }

    private static double Room(Placement placement, int vm, int target, Resource by, HostPreference preference)
    {
        var (host, v) = (placement.Site.Hosts[target], placement.Site.Vms[vm]);
        var used = by == Resource.Memory
            ? (double)(placement.MemoryAt(target) + v.MemoryBytes) / host.MemoryBytes
            : (placement.CpuAt(target) + placement.DemandAt(vm)) / host.CpuCapacity;
        return preference == HostPreference.Coolest ? 1 - used : used;
    }

    private static double Apart(Placement placement, int vm, int target)
    {
        var groups = placement.Constraints.Apart;
        foreach (var g in groups.Of(vm))
        {
            if (groups.All[g].Hard) continue;
            foreach (var other in placement.VmsAt(target)) if (other != vm && groups.Of(other).Contains(g)) return -1;
        }

        return 0;
    }

    private static double Together(Placement placement, int vm, int target)
    {
        var (groups, there, others) = (placement.Constraints.Together, 0, 0);
        foreach (var g in groups.Of(vm))
        {
            if (groups.All[g].Hard) continue;
            others += groups.All[g].Members.Length - 1;
            foreach (var other in groups.All[g].Members) if (other != vm && placement.HostAt(other) == target) there++;
        }

        return others == 0 ? 0 : (double)there / others;
    }

    private static double Queue(Placement placement, int target) => -Math.Min(LongestQueue, placement.Constraints.InboundAt(target).Length) / (double)LongestQueue;
}
