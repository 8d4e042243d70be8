using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>Which hosts to power off and on. Works on the placement that earlier actions of the same look leave.</summary>
public static class HostPowerPlanner
{
    /// <summary>Powers off hosts that run nothing: those that draw most when idle first, so that what stays on is the thriftiest.</summary>
    public static Proposal PowerOffIdle(Placement placement, PolicyAction.PowerOffIdle action, PlanningContext context)
    {
        var actions = ImmutableArray.CreateBuilder<PlannedAction>();
        var refused = ImmutableArray.CreateBuilder<Refusal>();
        var bound = placement.Facts.Moves.Select(m => m.To).ToHashSet(StringComparer.Ordinal);
        var closing = new HashSet<string>(context.Claimed, StringComparer.Ordinal);
        foreach (var cluster in placement.Site.Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal))
        {
            var open = cluster.Count(h => h.State == HostState.On && !context.Claimed.Contains(h.Name));
            var idle = cluster
                .Where(h => h.State == HostState.On && placement.IsEmpty(h) && !bound.Contains(h.Name) && !context.Claimed.Contains(h.Name))
                .OrderByDescending(h => h.Power.At(0) - h.Power.OffWatts).ThenByDescending(h => h.Name, StringComparer.Ordinal).ToList();
            var spare = Math.Min(action.KeepSpare, idle.Count);
            foreach (var host in idle.Take(idle.Count - spare))
            {
                var obstacle = host.HasPowerControl
                    ? placement.Constraints.ForbidsPoweringOff(placement, placement.IndexOf(host), open, closing)
                    : new Obstacle(RefusalCode.NoPowerControl, "no BMC is configured for it");
                if (obstacle is not null)
                {
                    refused.Add(context.Refuse(obstacle.Code, host.Ref.ToString(), obstacle.Reason));
                    continue;
                }

                actions.Add(new PlannedAction.PowerOff(host.Name));
                closing.Add(host.Name);
                open--;
            }
        }

        return new Proposal(placement, actions.ToImmutable(), refused.ToImmutable());
    }

    /// <summary>Powers on the hosts that boot fastest and draw least, in that order.</summary>
    public static Proposal PowerOn(Placement placement, PolicyAction.PowerOn action, PlanningContext context)
    {
        var off = placement.Site.Hosts
            .Where(h => h.State == HostState.Off && h.HasPowerControl && !context.Claimed.Contains(h.Name))
            .OrderBy(h => h.BootTime).ThenBy(h => h.Power.At(0)).ThenBy(h => h.Name, StringComparer.Ordinal)
            .Take(action.Count).ToList();
        var actions = off.Select(h => (PlannedAction)new PlannedAction.PowerOn(h.Name)).ToImmutableArray();
        return off.Count == action.Count
            ? new Proposal(placement, actions, [])
            : new Proposal(placement, actions, [context.Refuse(
                RefusalCode.NoHostToPowerOn, "site", $"{action.Count} host(s) wanted, {off.Count} that can be powered on are off")]);
    }
}
