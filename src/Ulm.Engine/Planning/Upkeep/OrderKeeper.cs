using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Upkeep;

/// <summary>
/// Sees orders through, look by look: empties what is still to be emptied, powers off what is empty, powers on what is due, returns VMs. Each
/// step follows from the order and the site as they are, so that a restart in between changes nothing.
/// </summary>
internal sealed class OrderKeeper(SiteFacts facts)
{
    /// <summary>For so long VMs are brought back; what can't return by then stays where it is.</summary>
    private static readonly TimeSpan ReturnWithin = TimeSpan.FromMinutes(30);

    /// <summary>A host that was to be on again and did not come up is told again after this.</summary>
    private static readonly TimeSpan WakeAgainAfter = TimeSpan.FromMinutes(30);

    /// <summary>A host that still answers so shortly after it took the order is falling asleep, not awake.</summary>
    private static readonly TimeSpan FallAsleepWithin = TimeSpan.FromMinutes(2);

    public IEnumerable<Breach> Due(UpkeepScope scope)
    {
        foreach (var order in facts.Orders.Values.Where(o => scope.HasFlag(o.By is null ? UpkeepScope.Policies : UpkeepScope.OrdersByHand)).OrderBy(o => o.Host, StringComparer.Ordinal))
        {
            if (facts.Site.FindHost(order.Host) is not { } host || facts.HoldOn(host) is not null || facts.Waiting.Any(w => w.Subject == order.Host)) continue;
            if (Next(order, host) is { } next)
                yield return new Breach(SystemRule.Named($"order: {order.Kind switch { HostOrderKind.Drained => "drain", HostOrderKind.Maintenance => "maintenance", HostOrderKind.ShutDown => "shut down", _ => "suspend" }} host {order.Host}"), host.Ref, next.Reason, next.Act)
                {
                    // That a host is empty is waited for; that its VMs are back on it is not.
                    Urgency = order.Phase == HostOrderPhase.Closed ? Urgency.Drain : Urgency.Balance,
                };
        }
    }

    private (string Reason, Func<Placement, PlanningContext, Proposal> Act)? Next(HostOrder order, Host host)
    {
        var answers = host.State is HostState.On or HostState.Draining or HostState.Maintenance;
        switch (order)
        {
            case { EndsAt: { } ends } when ends <= facts.At:
                return ($"its time ended at {ends.ToOffset(facts.At.Offset):HH:mm:ss}", (p, _) => Does(p, new PlannedAction.Release(host.Name)));
            case { Kind: HostOrderKind.Suspended }:
                return answers && facts.At - order.Since > FallAsleepWithin ? ("it is awake", (p, _) => Does(p, new PlannedAction.Release(host.Name))) : null;
            case { Kind: HostOrderKind.ShutDown, Phase: HostOrderPhase.Closed, OnAgainAt: { } again } when answers && again <= facts.At && !facts.MayGoOff.ContainsKey(host.Name):
                return ($"{order.OverAt(facts.At)}, before it was off", (p, _) => Does(p, Opened(order)));
            case { Phase: HostOrderPhase.Closed } when answers && !facts.Site.VmsOn(host.Name).IsEmpty:
                return ($"{facts.Site.VmsOn(host.Name).Length} VM(s) run there", (p, context) => ClosePlanner.Empty(p, host, context));
            case { Kind: HostOrderKind.ShutDown, Phase: HostOrderPhase.Closed } when host.State == HostState.Off:
                return ("it is off", (p, _) => Does(p, new PlannedAction.Order(order with { Phase = HostOrderPhase.Off })));
            case { Kind: HostOrderKind.ShutDown, Phase: HostOrderPhase.Closed } when answers && facts.MayGoOff.TryGetValue(host.Name, out var told):
                return ("it is empty", (p, context) => Proposal.Nothing(p, context.Refuse(RefusalCode.BeingActedOn, host.Ref.ToString(), $"it {told}; then it is told again")));
            case { Kind: HostOrderKind.ShutDown, Phase: HostOrderPhase.Closed } when answers && !facts.IsBoundFor(host.Name):
                return ("it is empty", (p, context) => PowerOff(p, host, context));
            case { Kind: HostOrderKind.ShutDown, Phase: HostOrderPhase.Off } when answers:
                return ("it is on again", (p, _) => Does(p, Opened(order)));
            case { Kind: HostOrderKind.ShutDown, Phase: HostOrderPhase.Off } when host.State == HostState.Off && order.OnAgainAt <= facts.At && !(facts.At - facts.History.LastPowerOnOf(host.Name) < WakeAgainAfter):
                return (order.OverAt(facts.At)!, (p, context) => context.Claimed.Contains(host.Name) ? Proposal.Nothing(p) : Does(p, new PlannedAction.PowerOn(host.Name)));
            case { Phase: HostOrderPhase.Returning }:
                return ("it is on again", (p, context) => Return(p, host, order, context));
            default:
                return null;
        }
    }

    /// <summary>What comes after a shutdown: what it was closed for before, or its VMs return, or nothing.</summary>
    private PlannedAction Opened(HostOrder order) => order.ResumedAt(facts.At) is { } resumed ? new PlannedAction.Order(resumed)
        : order.Vms.IsEmpty ? new PlannedAction.Release(order.Host)
        : new PlannedAction.Order(order with { Phase = HostOrderPhase.Returning, Since = facts.At });

    private static Proposal Does(Placement placement, PlannedAction action) => new(placement, [action], []);

    private Proposal PowerOff(Placement placement, Host host, PlanningContext context)
    {
        if (context.Claimed.Contains(host.Name)) return Proposal.Nothing(placement);
        var open = facts.Site.Hosts.Count(h => h.Cluster == host.Cluster && h.State == HostState.On && h != host && !context.Switched.Contains(h.Name));
        return placement.Constraints.ForbidsPoweringOff(placement, placement.IndexOf(host), open + 1, context.Switched) is { } obstacle
            ? Proposal.Nothing(placement, context.Refuse(obstacle.Code, host.Ref.ToString(), obstacle.Reason))
            : Does(placement, new PlannedAction.PowerOff(host.Name) { ByOrder = true });
    }

    private Proposal Return(Placement placement, Host host, HostOrder order, PlanningContext context)
    {
        // Closed anew: what would come back would have to go again.
        if (context.LeavesAlone(host)) return Proposal.Nothing(placement);
        var (actions, why, underWay) = (new List<PlannedAction>(), new List<string>(), false);
        foreach (var name in order.Vms)
        {
            if (facts.Site.FindVm(name) is not { } vm || placement.HostOf(vm) == host) continue;
            if (facts.Moves.Any(m => m.Vm == name))
            {
                underWay = true;
                continue;
            }

            var unit = UnitMoves.Try(placement, vm, host, context.Limits, ignoreCooldown: true);
            placement = unit.After;
            actions.AddRange(unit.Moves.Select(m => m with { ByOrderOf = host.Name }));
            if (unit.Why is { } obstacle) why.Add($"vm {name} does not return: {obstacle.Reason}");
        }

        var over = actions.Count == 0 && !underWay && (why.Count == 0 || facts.At - order.Since > ReturnWithin);
        if (over) actions.Add(new PlannedAction.Release(host.Name));
        return new Proposal(placement, [.. actions], over && why.Count > 0 ? [context.Refuse(RefusalCode.NoHostFits, host.Ref.ToString(), [.. why])] : []);
    }
}
