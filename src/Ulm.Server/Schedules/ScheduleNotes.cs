using System.Globalization;
using Quartz;
using Ulm.Dsl.Policies;
using Ulm.Engine;
using Ulm.Engine.Schedules;

namespace Ulm.Server.Schedules;

/// <summary>What there is to say about one time of a rule: above all, what a change of clocks does to it.</summary>
internal static class ScheduleNotes
{
    /// <param name="before">The time before it, or the one from which on times are asked for.</param>
    /// <returns>Null: nothing.</returns>
    public static string? On(Rule rule, DateTimeOffset before, DateTimeOffset at, TimeZoneInfo zone, TimeSpan lead)
    {
        var notes = rule.Trigger switch
        {
            Trigger.At daily => OnTimes(daily.Times, at, zone),
            Trigger.HaveOn have => OnTimes([have.By], TimeZoneInfo.ConvertTime(at + lead, zone), zone).Prepend($"by {Time(have.By)}: starts {Show.Duration(lead)} before, which is the longest boot, a tenth of it and three polls"),
            Trigger.Cron cron => OnCron(cron, at, zone),
            _ => [],
        };
        var all = notes.ToList();
        if (all.Count == 0 && before.Offset != at.Offset) all.Add($"the clocks have gone {(at.Offset > before.Offset ? "forward" : "back")} before this");
        if (rule.Guards.During is { IsEmpty: false } during && !during.Any(w => w.Contains(at.DateTime))) all.Add($"outside of `during {string.Join(", ", during.Select(w => w.Text))}`");
        return all.Count == 0 ? null : string.Join("; ", all);
    }

    /// <summary>Why there is no time after this one.</summary>
    public static string OnNever(Trigger trigger, DateTimeOffset after, TimeZoneInfo zone, TimeSpan lead)
    {
        var days = SkippedDays.SelectionOf(trigger);
        if (days is null) return trigger is Trigger.Cron ? "no time after this fits the expression" : $"not within {DaySearch.Years} years";
        if (!days.Except.IsEmpty && ScheduleCalculator.Next(SkippedDays.WithoutExceptions(trigger), after, zone, lead) is not null)
            return $"every day that it names after this is in {string.Join(" or ", days.Except.Select(c => c.Name))}";
        return days.Weekly == DaysOfWeek.None && days.Monthly.IsEmpty ? "the dates that it names are past" : $"not within {DaySearch.Years} years: no time of it lies within its window";
    }

    private static IEnumerable<string> OnTimes(IReadOnlyCollection<TimeOnly> times, DateTimeOffset at, TimeZoneInfo zone)
    {
        var today = WallClock.DayOf(at, zone);
        foreach (var day in new[] { today.AddDays(-1), today })
        {
            foreach (var time in times)
            {
                var (found, change) = WallClock.Resolve(day.ToDateTime(time), zone);
                if (found != at) continue;
                if (change == ClockChange.Skipped) yield return $"{Time(time)} does not exist on {day:yyyy-MM-dd}: fires at {Time(TimeOnly.FromDateTime(found.DateTime))}";
                if (change == ClockChange.Repeated) yield return $"{Time(time)} comes twice on {day:yyyy-MM-dd}: fires the first time";
            }
        }
    }

    private static IEnumerable<string> OnCron(Trigger.Cron cron, DateTimeOffset at, TimeZoneInfo zone)
    {
        var (first, change) = WallClock.Resolve(at.DateTime, zone);
        // Read as if clocks were never changed: whether the expression names what the wall shows.
        if (!new CronExpression(cron.Expression, TimeZoneInfo.Utc).IsSatisfiedBy(new DateTimeOffset(at.DateTime, TimeSpan.Zero)))
            yield return $"moved here from a time that does not exist on {at:yyyy-MM-dd}";
        if (change != ClockChange.Repeated || first != at) yield break;
        var again = at + (at.Offset - zone.GetUtcOffset(at.AddDays(1)));
        if (ScheduleCalculator.Next(cron, again.AddTicks(-1), zone) != again) yield return $"{Time(TimeOnly.FromDateTime(at.DateTime))} comes twice on {at:yyyy-MM-dd}: fires the first time";
    }

    private static string Time(TimeOnly time) => time.ToString(time.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
}
