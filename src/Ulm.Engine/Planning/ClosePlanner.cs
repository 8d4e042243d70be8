using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>Closes a host and empties it: <c>drain host</c>, <c>enter maintenance</c>, <c>shut down</c>; and lets VMs in again.</summary>
public static class ClosePlanner
{
    private const int HostsNamedPerVm = 5;

    /// <param name="host">The host that is named, or that the rule fired for; null: neither.</param>
    public static Proposal Close(Placement placement, string? host, HostOrderKind kind, PlanningContext context, TimeSpan? onAgainAfter = null)
    {
        var facts = placement.Facts;
        if (host is null) return Refuse("site", RefusalCode.NoSuchSubject, "no host is named, and the rule is about none");
        if (placement.Site.FindHost(host) is not { } it) return Refuse($"host/{host}", RefusalCode.NoSuchSubject, $"host {host} is not in the inventory");
        if (facts.HoldOn(it) is { } hold) return Refuse($"host/{host}", RefusalCode.HeldBack, hold.ToString());
        if (context.Claimed.Contains(host)) return Refuse($"host/{host}", RefusalCode.BeingActedOn, "an earlier decision switches it, or the rule's guards exclude it");
        if (facts.Orders.TryGetValue(host, out var order) && order.Kind == kind && order.IsClosed) return Proposal.Nothing(placement);
        if (kind != HostOrderKind.Maintenance && it.State is not (HostState.On or HostState.Draining or HostState.Maintenance))
            return Refuse($"host/{host}", RefusalCode.HostNotOn, $"host {host} is {SiteFacts.Describe(it.State)}");
        if (kind == HostOrderKind.ShutDown && AgainstShutDown(placement, it, context) is { } obstacle) return Refuse($"host/{host}", obstacle.Code, obstacle.Reason);

        var vms = placement.VmsOn(it).Select(v => v.Name).ToImmutableArray();
        var before = kind == HostOrderKind.ShutDown && order is { Kind: HostOrderKind.Drained or HostOrderKind.Maintenance } ? order : null;
        var given = new HostOrder(host, kind, HostOrderPhase.Closed, context.Rule.Name, facts.At)
        {
            OnAgainAt = facts.At + onAgainAfter,
            // What is closed when it comes back takes none of them.
            Vms = onAgainAfter is null || before is not null ? [] : vms,
            Before = before,
        };
        var emptied = Empty(placement, it, context);
        // Maintenance is wanted of an empty host: where it can't be emptied, nothing is begun that would have to be taken back.
        if (kind == HostOrderKind.Maintenance && emptied.Refused is [var full, ..])
            return Proposal.Nothing(placement, full with { Why = [RoomElsewhere.Of(placement, it).ToString(), .. full.Why] });
        return emptied with { Actions = [new PlannedAction.Order(given), .. emptied.Actions] };

        Proposal Refuse(string subject, RefusalCode code, string reason) => Proposal.Nothing(placement, context.Refuse(code, subject, reason));
    }

    /// <summary>Moves off all that is there and may go, what has fewest places to go to first; the refusal names what stays.</summary>
    public static Proposal Empty(Placement placement, Host host, PlanningContext context)
    {
        var (moves, why) = (ImmutableArray.CreateBuilder<PlannedAction>(), ImmutableArray.CreateBuilder<string>());
        var underWay = placement.Facts.Moves.Select(m => m.Vm).ToHashSet(StringComparer.Ordinal);
        var leaving = placement.VmsOn(host).Where(v => !underWay.Contains(v.Name))
            .OrderBy(v => Places(placement, v, host, context)).ThenByDescending(v => v.MemoryBytes).ThenBy(v => v.Name, StringComparer.Ordinal).ToList();
        foreach (var vm in leaving)
        {
            if (placement.HostOf(vm) != host) continue;
            if (PlacementFilters.ForVm(placement, vm, ignoreCooldown: true) is { } stays)
            {
                why.Add($"vm {vm.Name} stays: {stays.Reason}");
                continue;
            }

            var target = TargetScores.Best(placement, vm, Resource.Memory, HostPreference.Coolest, context.Limits, h => h != host && !context.LeavesAlone(h), ignoreCooldown: true);
            if (target is null)
            {
                why.Add($"vm {vm.Name} ({Show.Bytes(vm.MemoryBytes)}): {WhyNone(placement, vm, host, context)}");
                continue;
            }

            var unit = UnitMoves.Try(placement, vm, target, context.Limits, ignoreCooldown: true);
            placement = unit.After;
            moves.AddRange(unit.Moves.Select(m => m with { ByOrderOf = host.Name }));
        }

        return new Proposal(placement, moves.ToImmutable(), why.Count == 0 ? [] : [context.Refuse(RefusalCode.NoHostFits, host.Ref.ToString(), [.. why])]);
    }

    public static Proposal Release(Placement placement, string host, PlanningContext context)
    {
        if (placement.Facts.Orders.ContainsKey(host)) return new Proposal(placement, [new PlannedAction.Release(host)], []);
        return placement.Site.FindHost(host) is null
            ? Proposal.Nothing(placement, context.Refuse(RefusalCode.NoSuchSubject, $"host/{host}", $"host {host} is not in the inventory"))
            : Proposal.Nothing(placement);
    }

    /// <summary>What can be told before it is empty; the rest is asked when it is.</summary>
    private static Obstacle? AgainstShutDown(Placement placement, Host host, PlanningContext context)
    {
        if (!host.HasPowerControl) return new(RefusalCode.NoPowerControl, "nothing is configured that could switch it");
        var open = placement.Site.Hosts.Count(h => h.Cluster == host.Cluster && h.State == HostState.On && !context.Switched.Contains(h.Name) && h != host) + 1;
        return placement.Constraints.ForbidsPoweringOff(placement, placement.IndexOf(host), open, closing: null);
    }

    private static int Places(Placement placement, Vm vm, Host host, PlanningContext context)
    {
        var (v, h, count) = (placement.IndexOf(vm), placement.IndexOf(host), 0);
        for (var target = 0; target < placement.Site.Hosts.Length; target++)
            if (target != h && PlacementFilters.Objection(placement, v, target, context.Limits, asGroup: true) is null) count++;
        return count;
    }

    private static string WhyNone(Placement placement, Vm vm, Host host, PlanningContext context)
    {
        var others = placement.Site.Hosts.Where(h => h != host && !context.LeavesAlone(h)).ToList();
        if (others.Count == 0) return context.Closing.Count > 1 ? "there is no other host that is not closed too" : "there is no other host";
        var named = others.Take(HostsNamedPerVm).Select(h =>
            $"{h.Name} {(PlacementFilters.ForTarget(placement, vm, h, context.Limits, asGroup: true) ?? UnitMoves.Try(placement, vm, h, context.Limits, ignoreCooldown: true).Why)?.Reason}");
        return string.Join("; ", named) + (others.Count > HostsNamedPerVm ? $"; and {others.Count - HostsNamedPerVm} more hosts" : "");
    }
}
