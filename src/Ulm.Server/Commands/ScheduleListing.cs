using System.Collections.Immutable;
using System.Globalization;
using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;
using Ulm.Server.Api;

namespace Ulm.Server.Commands;

/// <summary>The next times of all scheduled rules; as it stands, the JSON of <c>schedule</c>.</summary>
internal sealed record ScheduleListing(string Schema, string TimeZone, ImmutableArray<ScheduleListing.RuleTimes> Rules)
{
    public sealed record RuleTimes(string Rule, string Action, ImmutableArray<RuleTime> Times);

    /// <param name="Local">With the zone's offset at that time.</param>
    /// <param name="Note">What a clock change does to it; null where there is none.</param>
    public sealed record RuleTime(string Local, string Utc, string? Note);

    public static ScheduleListing Of(PolicySet policies, TimeZoneInfo zone, DateTimeOffset after, int count) => new(
        "ulm.schedule/1",
        zone.Id,
        [.. policies.Rules.Where(r => ScheduleCalculator.IsScheduled(r.Trigger)).Select(r => new RuleTimes(r.Name, ActionText.Of(r), Times(r.Trigger, zone, after, count)))]);

    public void Print(Terminal terminal, int rulesInAll)
    {
        if (Rules.IsEmpty)
        {
            terminal.Out.WriteLine($"No rule has a schedule; {Words.Count(rulesInAll, "rule")} in all.");
            return;
        }

        terminal.Out.WriteLine($"Times in {TimeZone}");
        foreach (var rule in Rules)
        {
            terminal.Out.WriteLine($"\n{terminal.Bold(rule.Rule)}: {rule.Action}");
            if (rule.Times.IsEmpty) terminal.Out.WriteLine("  never");
            foreach (var time in rule.Times)
            {
                var local = DateTimeOffset.Parse(time.Local, CultureInfo.InvariantCulture);
                var line = $"  {local.ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}   {local.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC";
                terminal.Out.WriteLine(time.Note is null ? line : $"{line}   {terminal.Dim($"({time.Note})")}");
            }
        }
    }

    private static ImmutableArray<RuleTime> Times(Trigger trigger, TimeZoneInfo zone, DateTimeOffset after, int count)
    {
        var times = ImmutableArray.CreateBuilder<RuleTime>();
        var before = TimeZoneInfo.ConvertTime(after, zone);
        while (times.Count < count && ScheduleCalculator.Next(trigger, before, zone) is { } next)
        {
            times.Add(new RuleTime(next.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), TimeText.Utc(next), Note(trigger, before, next, zone)));
            before = next;
        }

        return times.ToImmutable();
    }

    private static string? Note(Trigger trigger, DateTimeOffset before, DateTimeOffset next, TimeZoneInfo zone)
    {
        if (trigger is Trigger.At at && !at.Times.Contains(TimeOnly.FromDateTime(next.DateTime)))
            return "moved to the end of the hour that the clocks skip on this day";
        if (trigger is Trigger.At && zone.IsAmbiguousTime(next.DateTime)) return "comes twice on this day, only the first counts";
        return before.Offset == next.Offset ? null : $"the clocks have gone {(next.Offset > before.Offset ? "forward" : "back")} before this";
    }
}
