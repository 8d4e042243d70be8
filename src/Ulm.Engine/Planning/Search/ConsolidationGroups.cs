using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Search;

/// <summary>Consolidates a large cluster group by group, as many hosts in each as a solver can take: some are packed better than by the search over all of them, at the price that no VM crosses.</summary>
internal static class ConsolidationGroups
{
    /// <param name="running">The hosts of the cluster that run VMs and may be filled.</param>
    /// <param name="sources">Of these, the ones that may be emptied.</param>
    /// <param name="known">The answer that is to be beaten.</param>
    /// <returns>Moves that empty more hosts, or as many for less; null: none were found.</returns>
    public static List<PlannedAction.Migrate>? Better(
        Placement placement, List<Host> running, List<Host> sources, List<PlannedAction.Migrate> known, int atMost, PlanningContext context, IPackingSolver solver)
    {
        // Dealt out like cards, so that each group has full hosts and empty ones.
        var count = (running.Count + solver.MostHosts - 1) / solver.MostHosts;
        var dealt = running.OrderBy(placement.Memory).ThenBy(h => h.Name, StringComparer.Ordinal).Select((h, i) => (Host: h, Group: i % count)).ToLookup(x => x.Group, x => x.Host);
        var (after, moves, mayEmpty) = (placement, new List<PlannedAction.Migrate>(), sources.ToHashSet());
        for (var g = 0; g < count; g++)
        {
            var search = new ConsolidationSearch(after, dealt[g], dealt[g].Where(mayEmpty.Contains), context, solver.Seconds / count);
            var found = search.Best(0, 0, Math.Min(atMost - Emptied(placement, moves), search.MostWorthOff())) ?? [];
            moves.AddRange(found);
            after = found.Aggregate(after, (p, m) => p.Move(p.Site.Vm(m.Vm), p.Site.Host(m.To)));
        }

        var (mine, theirs) = (Emptied(placement, moves), Emptied(placement, known));
        return mine > theirs || (mine == theirs && Copied(placement, moves) < Copied(placement, known)) ? moves : null;
    }

    private static int Emptied(Placement placement, List<PlannedAction.Migrate> moves) =>
        moves.GroupBy(m => m.From, StringComparer.Ordinal).Count(g => g.Count() == placement.VmsAt(placement.IndexOf(placement.Site.Host(g.Key))).Length);

    private static long Copied(Placement placement, List<PlannedAction.Migrate> moves) => moves.Sum(m => placement.Site.Vm(m.Vm).MemoryBytes);
}
