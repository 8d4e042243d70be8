using Quartz;

namespace Ulm.Engine.Schedules;

/// <summary>
/// Times of a Quartz expression. Quartz tells times from periods: <c>0 30 2 * * ?</c> fires once on a day on which 02:30 comes twice,
/// <c>0 0/15 * * * ?</c> goes on evenly.
/// </summary>
internal static class CronTimes
{
    /// <exception cref="FormatException">The expression is not one.</exception>
    public static DateTimeOffset? Next(string expression, DateTimeOffset after, TimeZoneInfo zone)
    {
        var cron = new CronExpression(expression, zone);
        var next = After(cron, Before(after, zone), zone);
        while (next is { } found && found <= after) next = After(cron, found, zone);
        return next is { } at ? TimeZoneInfo.ConvertTime(at, zone) : null;
    }

    /// <summary>Where a zone leaves out a whole day, as Samoa did on 30 December 2011, Quartz comes back to the day before; it is asked on the other side then.</summary>
    private static DateTimeOffset? After(CronExpression cron, DateTimeOffset at, TimeZoneInfo zone)
    {
        var next = cron.GetNextValidTimeAfter(at);
        if (next <= at) next = cron.GetNextValidTimeAfter(WallClock.StartOf(WallClock.DayOf(at, zone).AddDays(1), zone).AddSeconds(-1));
        return next > at ? next : null;
    }

    /// <summary>
    /// Asked within the second pass of an hour that comes twice, Quartz can't know that a time was over in the first. So that every question has
    /// the answer that counting through gives, such a question is asked as of the hour's beginning.
    /// </summary>
    private static DateTimeOffset Before(DateTimeOffset after, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone);
        var (first, change) = WallClock.Resolve(local.DateTime, zone);
        return change == ClockChange.Repeated && first < local ? first - (local - first) : after;
    }
}
