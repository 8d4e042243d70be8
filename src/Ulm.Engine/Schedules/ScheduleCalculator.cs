using Ulm.Dsl.Policies;

namespace Ulm.Engine.Schedules;

/// <summary>
/// When a scheduled rule fires next: the one place that knows, used by the running server, by simulations and by the
/// <c>schedule</c> command. A local time skipped in spring fires at the end of the gap, one that comes twice in autumn fires once,
/// the first time; periods go on evenly through both.
/// </summary>
public static class ScheduleCalculator
{
    /// <summary>The first time strictly after <paramref name="after"/>, in the zone's own offset; null: never, or not a scheduled trigger.</summary>
    /// <param name="lead">How long before its TIME a <c>have N hosts on by TIME</c> fires; others have no use for it.</param>
    /// <exception cref="FormatException">A <c>cron</c> whose expression is not one; the compiler lets none through.</exception>
    public static DateTimeOffset? Next(Trigger trigger, DateTimeOffset after, TimeZoneInfo zone, TimeSpan lead = default) => trigger switch
    {
        Trigger.At at => DailyTimes.Next(at.Times, at.Days, after, zone),
        Trigger.Every every => Periods.Next(every, after, zone),
        Trigger.Cron cron => CronTimes.Next(cron.Expression, after, zone),
        Trigger.HaveOn have => DailyTimes.Next([have.By], have.Days, after + lead, zone) is { } by ? TimeZoneInfo.ConvertTime(by - lead, zone) : null,
        _ => null,
    };

    public static bool IsScheduled(Trigger trigger) => trigger is Trigger.At or Trigger.Every or Trigger.Cron or Trigger.HaveOn;

    /// <summary>The Quartz expression of one time on some days: second, minute, hour, day of month, month, days of week.</summary>
    public static string Cron(TimeOnly time, DaysOfWeek days)
    {
        var names = days == DaysOfWeek.Daily
            ? "*"
            : string.Join(',', new[] { "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN" }.Where((_, i) => days.HasFlag((DaysOfWeek)(1 << i))));
        return $"{time.Second} {time.Minute} {time.Hour} ? * {names}";
    }
}
