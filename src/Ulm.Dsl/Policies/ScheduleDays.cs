namespace Ulm.Dsl.Policies;

/// <summary>The days of schedules, without a clock.</summary>
public static class ScheduleDays
{
    // A year long past and years enough for every combination of month and weekday, leap days included.
    private static readonly DateOnly From = new(2000, 1, 1);

    private const int Days = 30 * 366;

    /// <summary>Whether any day, past or to come, is one of the schedule's. A <c>cron</c> is taken to have some.</summary>
    public static bool ComeAtAll(Trigger trigger) => trigger switch
    {
        Trigger.At at => Any(at.Days),
        Trigger.HaveOn have => Any(have.Days),
        Trigger.Every { Between: { } between } => Any(between.Days),
        _ => true,
    };

    private static bool Any(DaySelection days) =>
        days.Dates.Any(days.Contains) || Enumerable.Range(0, Days).Any(d => days.Contains(From.AddDays(d)));
}
