using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>How many hosts have to come on so that a cluster's reserve holds again, each counted as empty.</summary>
internal static class ReserveCapacity
{
    /// <summary>
    /// One, if one is enough, even where others would boot faster; else as many of the first as it takes. Where all of them are not enough, the first:
    /// it is a step, and what it changes is looked at before the next one.
    /// </summary>
    /// <param name="candidates">Hosts of the cluster that are off, the best first.</param>
    public static List<Host> Enough(Placement placement, string cluster, List<Host> candidates)
    {
        // Hosts of one kind do the same.
        foreach (var one in candidates.DistinctBy(h => (h.CpuCapacity, h.MemoryBytes, h.CpuModel))) if (Holds([one])) return [one];
        if (candidates.Count == 0 || !Holds(candidates)) return candidates[..Math.Min(1, candidates.Count)];
        var (tooFew, enough) = (1, candidates.Count);
        while (enough - tooFew > 1)
        {
            var middle = (tooFew + enough) / 2;
            if (Holds(candidates[..middle])) enough = middle;
            else tooFew = middle;
        }

        return candidates[..enough];

        bool Holds(List<Host> on)
        {
            var after = new Placement(placement.Facts.WithHostsOn(on.Select(h => h.Name).ToHashSet(StringComparer.Ordinal)), placement.Constraints.Set);
            return after.Constraints.ReserveBrokenIn(cluster, after) is null;
        }
    }
}
