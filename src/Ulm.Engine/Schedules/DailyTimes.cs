using Ulm.Dsl.Policies;

namespace Ulm.Engine.Schedules;

/// <summary>Times of day on certain days.</summary>
internal static class DailyTimes
{
    public static DateTimeOffset? Next(IReadOnlyCollection<TimeOnly> times, DaySelection days, DateTimeOffset after, TimeZoneInfo zone)
    {
        // From the day before: a time of that day that falls into a gap over midnight fires on this one.
        foreach (var day in DaySearch.From(days, WallClock.DayOf(after, zone).AddDays(-1)))
        {
            // Two times of one day may fall on the same instant, the end of a gap, but never change places.
            foreach (var time in times.Order())
            {
                var at = WallClock.At(day.ToDateTime(time), zone);
                if (at > after) return at;
            }
        }

        return null;
    }
}
