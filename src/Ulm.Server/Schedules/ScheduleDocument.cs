using System.Collections.Immutable;
using System.Globalization;
using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;
using Ulm.Server.Api;
using Ulm.Server.Commands;

namespace Ulm.Server.Schedules;

/// <summary>The next times of scheduled rules: <c>ulm.schedule/1</c>, as <c>schedule --format json</c> prints it and the API answers it.</summary>
/// <param name="From">Times after this one, with the zone's offset.</param>
/// <param name="Leads">What the leads of <c>have N hosts on by</c> rest on; null where there is no such rule.</param>
/// <param name="RulesInAll">Those without a schedule too.</param>
public sealed record ScheduleDocument(string Schema, string TimeZone, string From, string? Leads, int RulesInAll, ImmutableArray<ScheduleDocument.RuleTimes> Rules)
{
    public const string SchemaName = "ulm.schedule/1";

    /// <param name="Never">Why it does not fire any more, or not after the last of its times; null: it does.</param>
    public sealed record RuleTimes(string Rule, string Location, string Action, ImmutableArray<RuleTime> Times, string? Never);

    /// <param name="Local">With the zone's offset at that time.</param>
    /// <param name="InSeconds">From <see cref="ScheduleDocument.From"/> until then.</param>
    /// <param name="Note">What a change of clocks or a guard does to it, and by when hosts are wanted; null where there is nothing to say.</param>
    /// <param name="Skips">Days before it that the rule's selection names and an <c>except</c> calendar takes out.</param>
    public sealed record RuleTime(string Local, string Utc, double InSeconds, string? Note, ImmutableArray<string> Skips);

    /// <param name="only">Names of rules; null: all that have a schedule.</param>
    internal static ScheduleDocument Of(PolicySet policies, TimeZoneInfo zone, DateTimeOffset after, int count, HaveOnLeads leads, IReadOnlyCollection<string>? only = null)
    {
        var scheduled = policies.Rules.Where(r => ScheduleCalculator.IsScheduled(r.Trigger) && only?.Contains(r.Name) != false).ToList();
        return new ScheduleDocument(
            SchemaName, zone.Id, Local(TimeZoneInfo.ConvertTime(after, zone)), scheduled.Any(r => r.Trigger is Trigger.HaveOn) ? leads.Source : null, policies.Rules.Length,
            [.. scheduled.Select(r => TimesOf(r, zone, after, count, leads.Of(r)))]);
    }

    private static RuleTimes TimesOf(Rule rule, TimeZoneInfo zone, DateTimeOffset after, int count, TimeSpan lead)
    {
        var times = ImmutableArray.CreateBuilder<RuleTime>();
        var before = TimeZoneInfo.ConvertTime(after, zone);
        DateTimeOffset? next = null;
        while (times.Count < count && (next = ScheduleCalculator.Next(rule.Trigger, before, zone, lead)) is { } at)
        {
            times.Add(new RuleTime(
                Local(at), TimeText.Utc(at), Math.Round((at - after).TotalSeconds), ScheduleNotes.On(rule, before, at, zone, lead), SkippedDays.Between(rule.Trigger, before + lead, at + lead, zone)));
            before = at;
        }

        return new RuleTimes(rule.Name, rule.Location.ToString(), ActionText.Of(rule), times.ToImmutable(), next is null ? ScheduleNotes.OnNever(rule.Trigger, before, zone, lead) : null);
    }

    private static string Local(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
