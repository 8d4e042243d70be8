using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Planning;

/// <summary>Which hosts to power off and on. Works on the placement that earlier actions of the same look leave.</summary>
public static class HostPowerPlanner
{
    /// <summary>Powers off hosts that run nothing: those that draw most when idle first, so that what stays on is the thriftiest.</summary>
    public static Proposal PowerOffIdle(Placement placement, PolicyAction.PowerOffIdle action, PlanningContext context) =>
        SwitchIdle(placement, action.KeepSpare, host => new PlannedAction.PowerOff(host), context);

    /// <summary>The same hosts as for powering off, to memory.</summary>
    public static Proposal SuspendIdle(Placement placement, PolicyAction.SuspendIdle action, PlanningContext context) =>
        SwitchIdle(placement, action.KeepSpare, host => new PlannedAction.Suspend(host), context);

    private static Proposal SwitchIdle(Placement placement, int keepSpare, Func<string, PlannedAction> switchOff, PlanningContext context)
    {
        var actions = ImmutableArray.CreateBuilder<PlannedAction>();
        var refused = ImmutableArray.CreateBuilder<Refusal>();
        var bound = placement.Facts.Moves.Select(m => m.To).ToHashSet(StringComparer.Ordinal);
        var closing = new HashSet<string>(context.Switched, StringComparer.Ordinal);
        foreach (var cluster in placement.Site.Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal))
        {
            var open = cluster.Count(h => h.State == HostState.On && !context.Switched.Contains(h.Name));
            var idle = cluster
                .Where(h => h.State == HostState.On && placement.IsEmpty(h) && !bound.Contains(h.Name) && !context.LeavesAlone(h))
                .OrderByDescending(h => h.Power.At(0) - h.Power.OffWatts).ThenByDescending(h => h.Name, StringComparer.Ordinal).ToList();
            var spare = Math.Min(Math.Max(keepSpare, (context.AtLeastHosts ?? 0) - (open - idle.Count)), idle.Count);
            foreach (var host in idle.Take(idle.Count - spare))
            {
                var obstacle = host.HasPowerControl
                    ? placement.Constraints.ForbidsPoweringOff(placement, placement.IndexOf(host), open, closing) ?? WantedAgainSoon(placement, host, closing, context)
                    : new Obstacle(RefusalCode.NoPowerControl, "nothing is configured that could switch it");
                if (obstacle is not null)
                {
                    refused.Add(context.Refuse(obstacle.Code, host.Ref.ToString(), obstacle.Reason));
                    continue;
                }

                actions.Add(switchOff(host.Name));
                closing.Add(host.Name);
                open--;
            }
        }

        return new Proposal(placement, actions.ToImmutable(), refused.ToImmutable());
    }

    /// <param name="closing">Hosts that go off before it, and those that earlier decisions switch.</param>
    private static Obstacle? WantedAgainSoon(Placement placement, Host host, IReadOnlySet<string> closing, PlanningContext context)
    {
        if (context.Economics is not { IsEmpty: false } economics) return null;
        var facts = placement.Facts;
        var idleFrom = facts.NoHistory ? facts.At : facts.EmptySince.GetValueOrDefault(host.Name, facts.At) + SiteFacts.IdleAfter;
        // One that an earlier decision switches will be on if it is not now.
        var stayOn = facts.Site.Hosts.Where(h => h.Name != host.Name && (h.State is HostState.On or HostState.PoweringOn) != closing.Contains(h.Name)).ToList();
        return economics.NotWorthOff(host, idleFrom > facts.At ? idleFrom : facts.At, stayOn, copied: 0) is { } why ? new Obstacle(RefusalCode.WantedAgainSoon, why) : null;
    }

    /// <summary>For what must be on: hosts of one cluster, but none that was told to power on a while ago and is off still.</summary>
    internal static Proposal Wake(Placement placement, string cluster, int count, PlanningContext context) =>
        Wake(placement, cluster, count, [.. Ready(placement, cluster, context).Take(count)], context);

    /// <summary>As many hosts of a cluster as its reserve needs to hold again, at least one.</summary>
    internal static Proposal WakeForReserve(Placement placement, string cluster, PlanningContext context)
    {
        var enough = ReserveCapacity.Enough(placement, cluster, [.. Ready(placement, cluster, context)]);
        return Wake(placement, cluster, Math.Max(1, enough.Count), enough, context);
    }

    private static IEnumerable<Host> Ready(Placement placement, string cluster, PlanningContext context) =>
        WakeableHosts.Fastest(placement.Facts, context.Claimed).Where(h => h.Cluster == cluster && !WakeableHosts.WasWokenLately(placement.Facts, h));

    private static Proposal Wake(Placement placement, string cluster, int wanted, List<Host> hosts, PlanningContext context) => new(
        placement, [.. hosts.Select(h => new PlannedAction.PowerOn(h.Name))], hosts.Count == wanted ? [] : [context.Refuse(
            RefusalCode.NoHostToPowerOn, SubjectRef.Cluster(cluster).ToString(),
            $"{wanted} more host(s) wanted on, {hosts.Count} that can be powered on are off{WakeableHosts.PassedOver(placement.Facts, h => h.Cluster == cluster)}")]);

    /// <summary>
    /// <c>power on hosts until COND</c>, in each cluster that the decision may touch: one host where the condition does not hold, and none while
    /// one is on its way up; the condition is asked again when it is on.
    /// </summary>
    /// <returns>The second part: it is to be asked again.</returns>
    public static (Proposal Proposal, bool GoesOn) PowerOnUntil(Placement placement, PolicyAction.PowerOnUntil action, PlanningContext context)
    {
        var (actions, refused, goesOn) = (ImmutableArray.CreateBuilder<PlannedAction>(), ImmutableArray.CreateBuilder<Refusal>(), false);
        var evaluator = new ConditionEvaluator(placement.Facts);
        foreach (var cluster in placement.Site.Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal).Where(c => c.Any(h => !context.Claimed.Contains(h.Name) || context.Switched.Contains(h.Name))))
        {
            var holds = evaluator.Evaluate(action.Until, SubjectRef.Cluster(cluster.Key));
            if (holds == Truth.True) continue;
            if (cluster.Any(h => IsComing(placement.Facts, h)) || holds == Truth.Unknown)
            {
                // A host that has just come up is not measured yet: nothing is known for a poll or two.
                goesOn = true;
                continue;
            }

            if (WakeableHosts.Fastest(placement.Facts, context.Claimed).FirstOrDefault(h => h.Cluster == cluster.Key && !WakeableHosts.WasWokenLately(placement.Facts, h)) is { } host)
            {
                actions.Add(new PlannedAction.PowerOn(host.Name));
                goesOn = true;
            }
            else
                refused.Add(context.Refuse(RefusalCode.NoHostToPowerOn, SubjectRef.Cluster(cluster.Key).ToString(), "the condition does not hold yet, and no host that can be powered on is off" + WakeableHosts.PassedOver(placement.Facts, h => h.Cluster == cluster.Key)));
        }

        return (new Proposal(placement, actions.ToImmutable(), refused.ToImmutable()), goesOn);
    }

    internal static bool IsComing(SiteFacts facts, Host host) => host.State == HostState.PoweringOn || facts.Waiting.Any(w => w.Kind == BegunKind.PowerOn && w.Subject == host.Name);

    /// <summary>Powers on the hosts that wake reliably, boot fastest and draw least, in that order.</summary>
    public static Proposal PowerOn(Placement placement, PolicyAction.PowerOn action, PlanningContext context)
    {
        var off = WakeableHosts.Fastest(placement.Facts, context.Claimed).Take(action.Count).ToList();
        var actions = off.Select(h => (PlannedAction)new PlannedAction.PowerOn(h.Name)).ToImmutableArray();
        return off.Count == action.Count
            ? new Proposal(placement, actions, [])
            : new Proposal(placement, actions, [context.Refuse(
                RefusalCode.NoHostToPowerOn, "site", $"{action.Count} host(s) wanted, {off.Count} that can be powered on are off{WakeableHosts.PassedOver(placement.Facts, h => !context.Claimed.Contains(h.Name))}")]);
    }
}
