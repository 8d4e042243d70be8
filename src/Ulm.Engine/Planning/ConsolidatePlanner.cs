using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Search;

namespace Ulm.Engine.Planning;

/// <summary>
/// Empties whole hosts, all or nothing for each. First greedily: the one with least memory to copy first, its VMs onto the fullest hosts that take
/// them. Then a search for more hosts, or cheaper ones, for which VMs of hosts that stay on may move aside; what it finds is never worse. A host that has taken a VM is not emptied
/// afterwards, so no VM moves twice; empty hosts are not filled again.
/// </summary>
public static class ConsolidatePlanner
{
    public static Proposal Plan(Placement placement, PlanningContext context)
    {
        var greedy = Greedily(placement, context);
        var moves = greedy.Actions.Cast<PlannedAction.Migrate>().ToList();
        var better = new List<PlannedAction.Migrate>();
        var improved = false;
        foreach (var cluster in placement.Site.Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal))
        {
            var names = cluster.Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
            var mine = moves.Where(m => names.Contains(m.From)).ToList();
            var found = Improve(placement, [.. cluster], mine, context);
            improved |= found is not null;
            better.AddRange(found ?? mine);
        }

        if (!improved) return greedy;
        var touched = better.SelectMany(m => (string[])[m.From, m.To]).Select(h => $"host/{h}").ToHashSet(StringComparer.Ordinal);
        var after = better.Aggregate(placement, (p, m) => p.Move(p.Site.Vm(m.Vm), p.Site.Host(m.To)));
        return new Proposal(after, [.. better], [.. Untouched(greedy, better, context).Where(r => !touched.Contains(r.Subject))]);
    }

    /// <summary>What a search finds that empties more hosts of a cluster than these moves, or as many for less; null: nothing.</summary>
    private static List<PlannedAction.Migrate>? Improve(Placement placement, List<Host> cluster, List<PlannedAction.Migrate> moves, PlanningContext context)
    {
        var running = cluster.Where(h => h.State == HostState.On && !placement.IsEmpty(h) && !context.LeavesAlone(h)).ToList();
        var inflow = placement.Facts.Moves.Select(m => m.To).ToHashSet(StringComparer.Ordinal);
        var sources = running.Where(h => !inflow.Contains(h.Name)).ToList();
        var search = new ConsolidationSearch(placement, running, sources, context, context.Solver?.Seconds ?? 0);
        var emptied = moves.Select(m => m.From).Distinct(StringComparer.Ordinal).Count();
        var most = Math.Min(Running(placement, cluster[0].Cluster) - (context.AtLeastHosts ?? 0), search.MostWorthOff());
        var best = search.Best(emptied, moves.Sum(m => placement.Site.Vm(m.Vm).MemoryBytes), most);
        return context.Solver is { } solver && running.Count > solver.MostHosts
            ? ConsolidationGroups.Better(placement, running, sources, best ?? moves, most, context, solver) ?? best
            : best;
    }

    /// <summary>Why hosts are left as they are: the greedy answer's reasons, and one for those it would have emptied and the better one does not.</summary>
    private static IEnumerable<Refusal> Untouched(Proposal greedy, List<PlannedAction.Migrate> better, PlanningContext context) =>
        greedy.Refused.Concat(greedy.Actions.Cast<PlannedAction.Migrate>().Select(m => m.From).Concat(greedy.Actions.Cast<PlannedAction.Migrate>().Select(m => m.To)).Distinct(StringComparer.Ordinal)
            .Select(h => context.Refuse(RefusalCode.NothingToGain, $"host/{h}", $"emptying {better.Select(m => m.From).Distinct(StringComparer.Ordinal).Count()} other hosts copies less")));

    /// <summary>The first answer.</summary>
    public static Proposal Greedily(Placement placement, PlanningContext context)
    {
        var actions = ImmutableArray.CreateBuilder<PlannedAction>();
        var refused = ImmutableArray.CreateBuilder<Refusal>();
        var receivers = new HashSet<string>(StringComparer.Ordinal);
        var emptied = new HashSet<string>(StringComparer.Ordinal);
        var inflow = placement.Facts.Moves.Select(m => m.To).ToHashSet(StringComparer.Ordinal);
        var sources = placement.Site.Hosts
            .Where(h => h.State == HostState.On && !placement.IsEmpty(h) && !inflow.Contains(h.Name) && !context.LeavesAlone(h))
            .OrderBy(placement.Memory).ThenBy(h => h.Name, StringComparer.Ordinal);
        foreach (var source in sources.ToList())
        {
            if (receivers.Contains(source.Name)) continue;
            if (context.AtLeastHosts is { } floor && Running(placement, source.Cluster) is var running && running <= floor)
            {
                refused.Add(context.Refuse(RefusalCode.KeepHostsOn, source.Ref.ToString(), $"consolidate to at least {floor} hosts: {running} of cluster {source.Cluster} run VMs"));
                continue;
            }

            if (WantedAgainSoon(placement, source, emptied, context) is { } soon)
            {
                refused.Add(context.Refuse(soon.Code, source.Ref.ToString(), soon.Reason));
                continue;
            }

            var (after, moves, obstacle) = Empty(placement, source, emptied, context);
            if (obstacle is not null)
            {
                refused.Add(context.Refuse(obstacle.Code, source.Ref.ToString(), obstacle.Reason));
                continue;
            }

            placement = after;
            actions.AddRange(moves);
            emptied.Add(source.Name);
            receivers.UnionWith(moves.Select(m => m.To));
        }

        return new Proposal(placement, actions.ToImmutable(), refused.ToImmutable());
    }

    private static (Placement After, ImmutableArray<PlannedAction.Migrate> Moves, Obstacle? Obstacle) Empty(
        Placement placement, Host source, HashSet<string> emptied, PlanningContext context)
    {
        var moves = ImmutableArray.CreateBuilder<PlannedAction.Migrate>();
        var after = placement;
        foreach (var vm in placement.VmsOn(source).OrderByDescending(v => v.MemoryBytes).ThenBy(v => v.Name, StringComparer.Ordinal))
        {
            if (PlacementFilters.ForVm(after, vm) is { } fixedHere)
                return (placement, [], fixedHere with { Reason = $"vm {vm.Name} stays: {fixedHere.Reason}" });
            var best = Fullest(after, vm, host => host.Name != source.Name && !emptied.Contains(host.Name) && !context.LeavesAlone(host), context.Limits);
            if (best is null)
                return (placement, [], new Obstacle(RefusalCode.NoHostFits, NoRoom(after, vm, source, emptied, context)));
            after = after.Move(vm, best);
            moves.Add(new PlannedAction.Migrate(vm.Name, source.Name, best.Name));
        }

        return (after, moves.ToImmutable(), null);
    }

    /// <summary>Why emptying a host would not pay, since it is wanted on again too soon. Empty hosts are taken to go off as well.</summary>
    /// <param name="emptied">Hosts that are emptied before it.</param>
    internal static Obstacle? WantedAgainSoon(Placement placement, Host source, IReadOnlySet<string> emptied, PlanningContext context)
    {
        if (context.Economics is not { IsEmpty: false } economics) return null;
        var stayOn = placement.Site.Hosts
            .Where(h => h.Name != source.Name && (h.State == HostState.PoweringOn || (h.State == HostState.On && !placement.IsEmpty(h) && !emptied.Contains(h.Name)))).ToList();
        var bytes = placement.Memory(source);
        var copying = TimeSpan.FromSeconds(bytes * 8 / (source.NetMbps * 1e6));
        return economics.NotWorthOff(source, placement.Facts.At + copying + SiteFacts.IdleAfter, stayOn, bytes) is { } why ? new Obstacle(RefusalCode.WantedAgainSoon, why) : null;
    }

    private static int Running(Placement placement, string cluster) => placement.Site.Hosts.Count(h => h.Cluster == cluster && h.State == HostState.On && !placement.IsEmpty(h));

    /// <summary>Of the hosts that run VMs already and can take this one, the fullest by memory; equally full ones by name.</summary>
    private static Host? Fullest(Placement placement, Vm vm, Func<Host, bool> open, PlacementLimits limits)
    {
        var (v, hosts) = (placement.IndexOf(vm), placement.Site.Hosts);
        var (best, most) = (-1, -1.0);
        for (var h = 0; h < hosts.Length; h++)
        {
            // Cheapest question first: of thousands of hosts nearly all have no room, or less than the best so far leaves.
            var full = (double)placement.MemoryAt(h) / hosts[h].MemoryBytes;
            if (full > most && PlacementFilters.Objection(placement, v, h, limits) is null && !placement.IsEmptyAt(h) && open(hosts[h])) (best, most) = (h, full);
        }

        return best < 0 ? null : hosts[best];
    }

    private static string NoRoom(Placement placement, Vm vm, Host source, HashSet<string> emptied, PlanningContext context)
    {
        var others = placement.Site.Hosts.Where(h => h.Name != source.Name && h.State == HostState.On && !emptied.Contains(h.Name) && !placement.IsEmpty(h)).ToList();
        if (others.Count == 0) return $"vm {vm.Name} has nowhere to go: no other host that runs VMs is on";
        var nearest = others.MinBy(h => placement.MemoryPercent(h))!;
        return $"vm {vm.Name} ({Show.Bytes(vm.MemoryBytes)}) fits on none of {others.Count} host(s): " +
            $"{nearest.Name} {PlacementFilters.ForTarget(placement, vm, nearest, context.Limits)?.Reason ?? "is claimed by an earlier decision"}";
    }
}
