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

    public static Proposal Plan(Placement placement, Host host, PolicyAction.Evacuate action, PlanningContext context)
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
        if (PlacementFilters.ForVm(placement, vm) is { } vmObstacle) return (null, vmObstacle.Reason);
        var share = placement.ShareOf(vm, source, by);
        if (share < LeastGain)
            return (null, $"takes {Show.Percent(share)} of {source.Name}, less than {Show.Percent(LeastGain)}: moving it would not be felt");
        var best = Coolest(placement, vm, by, context);
        return best is not null ? (best, "") : (null, WhyNone(placement, vm, source, context));
    }

    /// <summary>Of the hosts that can take the VM, the one that is least full afterwards; equally full ones by name.</summary>
    private static Host? Coolest(Placement placement, Vm vm, Resource by, PlanningContext context)
    {
        var (v, hosts) = (placement.IndexOf(vm), placement.Site.Hosts);
        var (best, least) = (-1, double.PositiveInfinity);
        for (var h = 0; h < hosts.Length; h++)
        {
            // Cheapest question first: of thousands of hosts only a handful is ever the best so far.
            var after = by == Resource.Cpu
                ? (placement.CpuAt(h) + placement.DemandAt(v)) / hosts[h].CpuCapacity
                : (double)(placement.MemoryAt(h) + vm.MemoryBytes) / hosts[h].MemoryBytes;
            if (after < least && PlacementFilters.Objection(placement, v, h, context.Limits) is null && !context.Claimed.Contains(hosts[h].Name))
                (best, least) = (h, after);
        }

        return best < 0 ? null : hosts[best];
    }

    private static string WhyNone(Placement placement, Vm vm, Host source, PlanningContext context)
    {
        var others = placement.Site.Hosts.Where(h => h.Name != source.Name && !context.Claimed.Contains(h.Name)).ToList();
        if (others.Count == 0) return "there is no other host";
        var named = others.Take(HostsNamedPerVm).Select(h => $"{h.Name} {PlacementFilters.ForTarget(placement, vm, h, context.Limits)!.Reason}");
        var more = others.Count > HostsNamedPerVm ? $"; and {others.Count - HostsNamedPerVm} more hosts" : "";
        return string.Join("; ", named) + more;
    }
}
