using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>
/// Evens hosts out until the fullest and the emptiest of a cluster differ by no more than the tolerance. Each move takes from the
/// fullest and gives to the emptiest, and brings the two as close together as one VM can; no VM moves twice.
/// </summary>
public static class BalancePlanner
{
    public static Proposal Plan(Placement placement, PolicyAction.Balance action, PlanningContext context)
    {
        var actions = ImmutableArray.CreateBuilder<PlannedAction>();
        var refused = ImmutableArray.CreateBuilder<Refusal>();
        foreach (var cluster in placement.Site.Hosts.Select(h => h.Cluster).Distinct(StringComparer.Ordinal))
        {
            var moved = new HashSet<string>(StringComparer.Ordinal);
            while (Next(placement, cluster, action, context, moved) is { } next)
            {
                if (next.Refusal is { } refusal)
                {
                    refused.Add(refusal);
                    break;
                }

                actions.Add(new PlannedAction.Migrate(next.Vm!.Name, placement.HostOf(next.Vm).Name, next.Target!.Name));
                placement = placement.Move(next.Vm, next.Target);
                moved.Add(next.Vm.Name);
            }
        }

        return new Proposal(placement, actions.ToImmutable(), refused.ToImmutable());
    }

    private sealed record Step(Vm? Vm, Host? Target, Refusal? Refusal);

    /// <summary>The next move, a refusal that ends the search, or null: even enough.</summary>
    private static Step? Next(Placement placement, string cluster, PolicyAction.Balance action, PlanningContext context, HashSet<string> moved)
    {
        var hosts = placement.Site.Hosts
            .Where(h => h.Cluster == cluster && h.State == HostState.On && !context.Claimed.Contains(h.Name)
                && placement.Facts.Read(h.Ref, PolicyAttribute.HostCpu).IsKnown)
            .OrderByDescending(h => placement.Percent(h, action.By)).ThenBy(h => h.Name, StringComparer.Ordinal).ToList();
        if (hosts.Count < 2) return null;
        var (full, empty) = (hosts[0], hosts[^1]);
        var (most, least) = (placement.Percent(full, action.By), placement.Percent(empty, action.By));
        var gap = most - least;
        if (gap <= action.TolerancePercent) return null;

        var best = placement.VmsOn(full)
            .Where(vm => !moved.Contains(vm.Name)
                // On unequal hosts the two may come closer while one of them leaves the others behind: both must stay between the marks.
                && least + placement.ShareOf(vm, empty, action.By) <= most
                && most - placement.ShareOf(vm, full, action.By) >= least
                && PlacementFilters.ForVm(placement, vm) is null
                && PlacementFilters.ForTarget(placement, vm, empty, context.Limits) is null)
            .Select(vm => (Vm: vm, Gap: Math.Abs(gap - placement.ShareOf(vm, full, action.By) - placement.ShareOf(vm, empty, action.By))))
            .OrderBy(x => x.Gap).ThenBy(x => x.Vm.MemoryBytes).ThenBy(x => x.Vm.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        if (best.Vm is not null && best.Gap < gap - EvacuatePlanner.LeastGain) return new Step(best.Vm, empty, null);
        return new Step(null, null, context.Refuse(
            RefusalCode.NothingToGain, $"cluster/{cluster}",
            $"{full.Name} {Show.Percent(most)} and {empty.Name} {Show.Percent(least)} " +
            $"differ by more than {Show.Percent(action.TolerancePercent)}, but no VM that may move brings them closer"));
    }
}
