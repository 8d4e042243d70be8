using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary><c>have N hosts on by TIME</c>: which hosts are missing in each cluster, and how long before the time they have to be woken.</summary>
public static class HaveOnPlanner
{
    /// <summary>Until a host that answers is seen to be on: by the next poll, and looked over within another.</summary>
    private const int PollsUntilSeenOn = 2;

    /// <summary>Until its CPU use is known: the poll that finds that it answers, one that begins to count, and one that makes a rate of two counts.</summary>
    private const int PollsUntilMeasured = 3;

    private static readonly TimeSpan LeastMargin = TimeSpan.FromMinutes(1);

    /// <summary>Powers on what is missing to N among the rule's hosts of each cluster.</summary>
    public static Proposal Plan(Placement placement, Trigger.HaveOn have, PlanningContext context)
    {
        var actions = ImmutableArray.CreateBuilder<PlannedAction>();
        var refused = ImmutableArray.CreateBuilder<Refusal>();
        foreach (var (cluster, missing, woken, _) in Missing(placement.Facts, have, context.Switched, context.Claimed.Except(context.Switched)))
        {
            actions.AddRange(woken.Select(h => new PlannedAction.PowerOn(h.Name)));
            if (woken.Length < missing)
                refused.Add(context.Refuse(
                    RefusalCode.NoHostToPowerOn, SubjectRef.Cluster(cluster).ToString(), $"{missing} more host(s) wanted to have {have.Count} on, {woken.Length} that can be powered on are off{WakeableHosts.PassedOver(placement.Facts, h => h.Cluster == cluster)}"));
        }

        return new Proposal(placement, actions.ToImmutable(), refused.ToImmutable());
    }

    /// <summary>
    /// How long before its TIME the rule fires: the longest boot of the hosts that would be woken (they boot side by side), a tenth of it, and the
    /// polls until they are measured, in whole minutes. Where there is another host to wake in place of one that does not come up,
    /// its time is added. While none is missing, the slowest that might be counts.
    /// </summary>
    public static TimeSpan LeadOf(Rule rule, Trigger.HaveOn have, SiteFacts facts)
    {
        var outside = RuleBounds.Outside(rule, facts);
        var missing = Missing(facts, have, [], outside).ToList();
        var woken = missing.SelectMany(m => m.Woken).ToList();
        if (woken.Count == 0) woken = [.. facts.Site.Hosts.Where(h => h.HasPowerControl && !outside.Contains(h.Name))];
        var inPlace = missing.Where(m => m.Count > 0).Select(m => m.InPlace).OfType<Host>().Select(h => LeadOf(h.BootTime, facts.PollingInterval)).DefaultIfEmpty(TimeSpan.Zero).Max();
        return LeadOf(woken.Select(h => h.BootTime).DefaultIfEmpty(TimeSpan.Zero).Max(), facts.PollingInterval) + inPlace;
    }

    /// <summary>The lead for the longest boot: on and measured, so that what is decided at TIME counts on them.</summary>
    public static TimeSpan LeadOf(TimeSpan boot, TimeSpan pollingInterval) => TimeSpan.FromMinutes(Math.Ceiling(After(boot, pollingInterval * PollsUntilMeasured).TotalMinutes));

    private static TimeSpan After(TimeSpan boot, TimeSpan polls) => boot * 1.1 + (polls > LeastMargin ? polls : LeastMargin);

    /// <summary>True while hosts that the rule wants on are neither on nor booting.</summary>
    public static bool IsShort(Rule rule, Trigger.HaveOn have, SiteFacts facts) => Missing(facts, have, [], RuleBounds.Outside(rule, facts)).Any(m => m.Count > 0);

    /// <summary>It was woken, and should have been up by now: it is not counted on any more, though it may come yet.</summary>
    private static bool IsLate(SiteFacts facts, Host host) =>
        host.State == HostState.PoweringOn && facts.Lives.GetValueOrDefault(host.Name) is { } life
        && facts.At - (facts.History.LastPowerOnOf(host.Name) ?? life.Since) > After(host.BootTime, facts.PollingInterval * PollsUntilSeenOn);

    /// <returns>Of each cluster how many are missing, whom to wake for that, and whom in place of one of these that does not come up.</returns>
    private static IEnumerable<(string Cluster, int Count, ImmutableArray<Host> Woken, Host? InPlace)> Missing(
        SiteFacts facts, Trigger.HaveOn have, ImmutableHashSet<string> switched, ImmutableHashSet<string> outside)
    {
        var wakeable = WakeableHosts.Thriftiest(facts, switched.Union(outside)).ToLookup(h => h.Cluster, StringComparer.Ordinal);
        foreach (var cluster in facts.Site.Hosts.Where(h => !outside.Contains(h.Name)).GroupBy(h => h.Cluster, StringComparer.Ordinal))
        {
            // One that an earlier decision of this look powers on will be on, one that it powers off will not.
            var on = cluster.Count(h => (h.State == HostState.On || (h.State == HostState.PoweringOn && !IsLate(facts, h))) != switched.Contains(h.Name));
            var missing = Math.Max(0, have.Count - on);
            yield return (cluster.Key, missing, [.. wakeable[cluster.Key].Take(missing)], wakeable[cluster.Key].Skip(missing).FirstOrDefault());
        }
    }
}
