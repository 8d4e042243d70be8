using Quartz;
using Ulm.Dsl.Policies;

namespace Ulm.Engine.Schedules;

/// <summary>
/// When a scheduled rule fires next: the one place that knows, used by the running server, by simulations and by the
/// <c>schedule</c> command. A local time skipped in spring fires at the end of the gap, one that comes twice in autumn fires once,
/// the first time.
/// </summary>
public static class ScheduleCalculator
{
    /// <summary>The first time strictly after <paramref name="after"/>, in the zone's own offset; null: never, or not a scheduled trigger.</summary>
    public static DateTimeOffset? Next(Trigger trigger, DateTimeOffset after, TimeZoneInfo zone) => trigger switch
    {
        Trigger.At at => NextAt(at, after, zone),
        Trigger.Every every => NextEvery(every.Period, after, zone),
        _ => null,
    };

    public static bool IsScheduled(Trigger trigger) => trigger is Trigger.At or Trigger.Every;

    private static DateTimeOffset? NextAt(Trigger.At at, DateTimeOffset after, TimeZoneInfo zone)
    {
        if (at.Days.Weekly == DaysOfWeek.None) return null;
        DateTimeOffset? first = null;
        foreach (var time in at.Times)
        {
            var cron = new CronExpression(Cron(time, at.Days.Weekly), zone);
            var next = cron.GetNextValidTimeAfter(after);
            // Asked within the second pass of an autumn hour, Quartz names the second occurrence. The first was the day's one.
            while (next is { } again && IsSecondPass(again, zone)) next = cron.GetNextValidTimeAfter(again);
            if (next is { } found && (first is null || found < first)) first = found;
        }

        return first is null ? null : TimeZoneInfo.ConvertTime(first.Value, zone);
    }

    private static bool IsSecondPass(DateTimeOffset time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return zone.IsAmbiguousTime(local.DateTime) && local.Offset == zone.GetAmbiguousTimeOffsets(local.DateTime).Min();
    }

    /// <summary>The Quartz expression of one time on some days: second, minute, hour, day of month, month, days of week.</summary>
    public static string Cron(TimeOnly time, DaysOfWeek days)
    {
        var names = days == DaysOfWeek.Daily
            ? "*"
            : string.Join(',', new[] { "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN" }.Where((_, i) => days.HasFlag((DaysOfWeek)(1 << i))));
        return $"{time.Second} {time.Minute} {time.Hour} ? * {names}";
    }

    private static DateTimeOffset NextEvery(TimeSpan period, DateTimeOffset after, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        if (period >= TimeSpan.FromDays(1)) return TimeZoneInfo.ConvertTime(NextLong(period, after, today, zone), zone);
        var midnight = StartOfDay(today, zone);
        var tomorrow = StartOfDay(today.AddDays(1), zone);
        var next = midnight + period * ((after - midnight).Ticks / period.Ticks + 1);
        return TimeZoneInfo.ConvertTime(next < tomorrow ? next : tomorrow, zone);
    }

    /// <summary>Periods of a day and more: whole days count calendar days, the rest count time; both from one fixed day, so that a restart changes nothing.</summary>
    private static DateTimeOffset NextLong(TimeSpan period, DateTimeOffset after, DateOnly today, TimeZoneInfo zone)
    {
        if (period.Ticks % TimeSpan.TicksPerDay == 0)
        {
            var day = today.AddDays(1);
            while (day.DayNumber % period.Days != 0) day = day.AddDays(1);
            return StartOfDay(day, zone);
        }

        var anchor = StartOfDay(new DateOnly(1970, 1, 1), zone);
        return anchor + period * ((after - anchor).Ticks / period.Ticks + 1);
    }

    private static DateTimeOffset StartOfDay(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }
}
