using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning;
using Ulm.Engine.Rules;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>What one look would do now, without doing it and without touching any running hold clock.</summary>
public static class Preview
{
    /// <summary>On a snapshot there is no history: every condition that is true counts as having held for its whole <c>for</c>.</summary>
    public static LookResult OfSnapshot(PolicySet policies, SiteFacts facts, PlacementLimits limits, TimeZoneInfo zone, RuleMode serverMode = RuleMode.Enforce, PlannerOptions? planning = null)
    {
        var held =
            from rule in policies.Rules
            let when = rule.Trigger as Trigger.When
            where when is not null
            from subject in facts.Site.Subjects(when.Subject)
            select new SavedHold(rule.Name, rule.Fingerprint, subject, HoldState.Pending, facts.At - when.For, default, default);
        return With(policies, facts, limits, held, DueWithin(policies, facts, zone), zone, serverMode, planning);
    }

    /// <summary>On a running site, with the hold clocks as they stand.</summary>
    public static LookResult OfRunning(Look running, SiteFacts facts, PlacementLimits limits) =>
        With(running.Policies, facts, limits, running.Rules.SaveHolds(), [], running.SiteZone, running.ServerMode, running.Planning);

    /// <summary>On a running site, as if these policies replaced those in force: what the look would do, and the hold clocks that go on.</summary>
    public static (LookResult Result, ImmutableArray<SavedHold> Kept) OfReplaced(PolicySet policies, Look running, SiteFacts facts, PlacementLimits limits)
    {
        var look = new Look(policies, limits, running.SiteZone, running.ServerMode, planning: running.Planning);
        look.Feed(facts);
        look.Rules.RestoreHolds(running.Rules.SaveHolds(), TimeSpan.Zero);
        var kept = look.Rules.SaveHolds();
        return (look.At(facts, [], mayAct: true), kept);
    }

    private static LookResult With(
        PolicySet policies, SiteFacts facts, PlacementLimits limits, IEnumerable<SavedHold> holds, IEnumerable<ScheduleEvent> due, TimeZoneInfo? zone, RuleMode serverMode = RuleMode.Enforce,
        PlannerOptions? planning = null)
    {
        var look = new Look(policies, limits, zone, serverMode, planning: planning);
        look.Feed(facts);
        look.Rules.RestoreHolds(holds, TimeSpan.Zero);
        return look.At(facts, due, mayAct: true);
    }

    /// <summary>Scheduled rules whose time is the very minute of the look.</summary>
    private static ImmutableArray<ScheduleEvent> DueWithin(PolicySet policies, SiteFacts facts, TimeZoneInfo zone) =>
        [.. from rule in policies.Rules
            let lead = rule.Trigger is Trigger.HaveOn have ? HaveOnPlanner.LeadOf(rule, have, facts) : default
            let next = ScheduleCalculator.Next(rule.Trigger, facts.At - TimeSpan.FromMinutes(1), policies.TimeZone ?? zone, lead)
            where next <= facts.At
            select new ScheduleEvent(rule.Name, next.Value)];
}
