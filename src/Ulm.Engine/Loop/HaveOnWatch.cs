using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>
/// Sees to it that <c>have N hosts on by TIME</c> fires early enough by what is known now: which hosts would have to be woken, and how long
/// they take, changes up to the last moment. Fires once for each TIME, and again where a host it counted on went off before then, failed to wake, or is late.
/// </summary>
internal sealed class HaveOnWatch
{
    private readonly Dictionary<string, (DateTimeOffset By, bool WasShort, ImmutableHashSet<string> Unable)> _fired = new(StringComparer.Ordinal);

    /// <summary>Until then each TIME was seen to; null: nobody has looked yet.</summary>
    private DateTimeOffset? _seenTo;

    /// <summary>How long before its TIME each such rule fires, as of the last look. Another dictionary whenever one has changed.</summary>
    public ImmutableDictionary<string, TimeSpan> Leads { get; private set; } = ImmutableDictionary.Create<string, TimeSpan>(StringComparer.Ordinal);

    /// <summary>An earlier run saw to each TIME until then.</summary>
    public void WatchFrom(DateTimeOffset since) => _seenTo = since;

    /// <summary>The last TIME of each rule that passed while nobody looked, where hosts are still missing. To be called once a look.</summary>
    public IReadOnlyList<ScheduleEvent> Passed(PolicySet policies, SiteFacts facts, TimeZoneInfo zone)
    {
        var since = _seenTo ?? facts.At;
        _seenTo = facts.At;
        var passed = new List<ScheduleEvent>();
        foreach (var (rule, have) in RulesOf(policies))
        {
            if (MissedSchedules.Last(have, since, facts.At.AddTicks(1), zone) is { } by && !(_fired.TryGetValue(rule.Name, out var fired) && fired.By == by) && HaveOnPlanner.IsShort(rule, have, facts))
                passed.Add(new ScheduleEvent(rule.Name, by));
        }

        return passed;
    }

    /// <summary>Takes note of what is known now.</summary>
    /// <returns>True if a lead is not what it was.</returns>
    public bool Look(PolicySet policies, SiteFacts facts)
    {
        var leads = Leads;
        foreach (var gone in leads.Keys.Except(RulesOf(policies).Select(r => r.Rule.Name)).ToList()) leads = leads.Remove(gone);
        foreach (var (rule, have) in RulesOf(policies)) leads = leads.SetItem(rule.Name, HaveOnPlanner.LeadOf(rule, have, facts));
        if (ReferenceEquals(leads, Leads)) return false;
        Leads = leads;
        return true;
    }

    /// <summary>Rules whose TIME less their lead has come, by the last <see cref="Look"/>.</summary>
    public IEnumerable<ScheduleEvent> Due(PolicySet policies, SiteFacts facts, TimeZoneInfo zone)
    {
        foreach (var (rule, have) in RulesOf(policies))
        {
            if (ScheduleCalculator.Next(have, facts.At, zone) is not { } by) continue;
            var (fires, fired) = (facts.At >= by - Leads[rule.Name], _fired.TryGetValue(rule.Name, out var last) && last.By == by);
            if (!fires && !fired) continue;
            var isShort = HaveOnPlanner.IsShort(rule, have, facts);
            var unable = facts.FailedToWake.Union(facts.Lives.Values.Where(l => l.Phase == HostPhase.Failed).Select(l => l.Host));
            if (fired && (!isShort || (last.WasShort && unable.IsSubsetOf(last.Unable))))
            {
                // What it wanted is on its way: should one of these fail to come, another is woken.
                if (!isShort) _fired[rule.Name] = (by, false, unable);
                continue;
            }

            _fired[rule.Name] = (by, isShort, unable);
            // In place of one that can't be counted on any more another is woken at once: what is in hand is better than what comes just in time.
            yield return new ScheduleEvent(rule.Name, fires ? by - Leads[rule.Name] : facts.At);
        }
    }

    private static IEnumerable<(Rule Rule, Trigger.HaveOn Have)> RulesOf(PolicySet policies) =>
        policies.Rules.Where(r => r.Trigger is Trigger.HaveOn).Select(r => (r, (Trigger.HaveOn)r.Trigger));
}
