using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>
/// The project's first algorithm: of a host above the mark, the VM that uses most, to the host with most room, if it fits anywhere;
/// with <c>fitting</c> else the second, and so on. One call makes one move: the next is decided on metrics measured after it.
/// </summary>
public static class EvacuatePlanner
{
    /// <summary>A VM that takes less of its host than this, in percentage points, would not be felt: moving it is pointless.</summary>
    public const double LeastGain = 1;

    private const int HostsNamedPerVm = 5;

    public static Proposal Plan(Placement placement, Host host, PolicyAction.EvacuateHeaviest action, PlanningContext context)
    {
        if (host.State != HostState.On) return Refuse(RefusalCode.HostNotOn, $"host {host.Name} is {Facts.SiteFacts.Describe(host.State)}");
        var candidates = placement.VmsOn(host)
            .OrderByDescending(vm => placement.ShareOf(vm, host, action.By) is var share && double.IsFinite(share) ? share : -1)
            .ThenBy(vm => vm.Name, StringComparer.Ordinal)
            .ToList();
        if (candidates.Count == 0) return Refuse(RefusalCode.NothingToGain, $"host {host.Name} runs no VM: the load is its own");

        var why = ImmutableArray.CreateBuilder<string>();
        foreach (var vm in candidates)
        {
            var (target, reason) = Target(placement, vm, host, action.By, context);
            if (target is not null)
                return new Proposal(placement.Move(vm, target), [new PlannedAction.Migrate(vm.Name, host.Name, target.Name)], []);
            why.Add($"vm {vm.Name}: {reason}");
            if (!action.Fitting) break;
        }

        return Refuse(RefusalCode.NoHostFits, [.. why]);

        Proposal Refuse(RefusalCode code, params ReadOnlySpan<string> reasons) =>
            Proposal.Nothing(placement, context.Refuse(code, host.Ref.ToString(), reasons));
    }

    private static (Host? Target, string Reason) Target(Placement placement, Vm vm, Host source, Resource by, PlanningContext context)
    {
        if (PlacementFilters.ForVm(placement, vm, context.Constraints) is { } vmObstacle) return (null, vmObstacle.Reason);
        var share = placement.ShareOf(vm, source, by);
        if (share < LeastGain)
            return (null, $"takes {Show.Percent(share)} of {source.Name}, less than {Show.Percent(LeastGain)}: moving it would not be felt");
        var obstacles = ImmutableArray.CreateBuilder<string>();
        Host? best = null;
        foreach (var host in placement.Site.Hosts.Where(h => h.Name != source.Name && !context.Claimed.Contains(h.Name)))
        {
            if (PlacementFilters.ForTarget(placement, vm, host, context.Limits) is { } obstacle) obstacles.Add($"{host.Name} {obstacle.Reason}");
            else if (best is null || After(host) < After(best)) best = host;
        }

        if (best is not null) return (best, "");
        if (obstacles.Count == 0) return (null, "there is no other host");
        var more = obstacles.Count > HostsNamedPerVm ? $"; and {obstacles.Count - HostsNamedPerVm} more hosts" : "";
        return (null, string.Join("; ", obstacles.Take(HostsNamedPerVm)) + more);

        double After(Host host) => placement.Percent(host, by) + placement.ShareOf(vm, host, by);
    }
}
