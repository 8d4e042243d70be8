using Ulm.Dsl.Policies;

namespace Ulm.Engine.Schedules;

/// <summary>
/// Periods within a day are counted in elapsed time from each local midnight, so they go on evenly through a change of clocks; longer ones
/// from one fixed day, so that a restart changes nothing, whole days as calendar days. Of these instants those count that lie in the window.
/// </summary>
internal static class Periods
{
    private static readonly DateOnly FixedDay = new(1970, 1, 1);

    public static DateTimeOffset? Next(Trigger.Every every, DateTimeOffset after, TimeZoneInfo zone)
    {
        var today = WallClock.DayOf(after, zone);
        var days = every.Between is { } window ? DaysOf(window, today) : DaySearch.From(DaySelection.Daily, today);
        foreach (var day in days.TakeWhile(d => d <= today.AddYears(DaySearch.Years)))
        {
            if (OnDay(every, day, after, zone) is { } found) return found;
        }

        return null;
    }

    private static DateTimeOffset? OnDay(Trigger.Every every, DateOnly day, DateTimeOffset after, TimeZoneInfo zone)
    {
        var (midnight, tomorrow) = (WallClock.StartOf(day, zone), WallClock.StartOf(day.AddDays(1), zone));
        var (origin, from, to) = (midnight, midnight, tomorrow);
        if (every.Period.Ticks % TimeSpan.TicksPerDay == 0)
        {
            if (day.DayNumber % every.Period.Days != 0) return null;
            to = midnight + TimeSpan.FromTicks(1);
        }
        else if (every.Period > TimeSpan.FromDays(1)) origin = WallClock.StartOf(FixedDay, zone);

        if (every.Between is { } window)
        {
            var open = Bounds(window, day, zone);
            (from, to) = (from > open.From ? from : open.From, to < open.To ? to : open.To);
        }

        if (from <= after) from = after + TimeSpan.FromTicks(1);
        var count = (from - origin).Ticks / every.Period.Ticks;
        if (origin + every.Period * count < from) count++;
        for (var at = origin + every.Period * count; at < to; at += every.Period)
        {
            var local = TimeZoneInfo.ConvertTime(at, zone);
            if (every.Between?.Contains(local.DateTime) != false) return local;
        }

        return null;
    }

    /// <summary>From the first to the last instant of the day at which the window may be open; that it is has to be asked of it.</summary>
    private static (DateTimeOffset From, DateTimeOffset To) Bounds(TimeWindow window, DateOnly day, TimeZoneInfo zone)
    {
        var (midnight, tomorrow) = (WallClock.StartOf(day, zone), WallClock.StartOf(day.AddDays(1), zone));
        var opens = WallClock.At(day.ToDateTime(window.From), zone);
        var (closes, change) = WallClock.Resolve(day.ToDateTime(window.To), zone);
        // One that closes within an hour that comes twice is open once more in its second pass.
        if (change == ClockChange.Repeated) closes = tomorrow;
        if (window.From < window.To) return (opens, closes);
        return (window.Days.Contains(day.AddDays(-1)) ? midnight : opens, window.Days.Contains(day) ? tomorrow : closes);
    }

    /// <summary>Days on which the window may be open: those it begins on, and where it crosses midnight those after them.</summary>
    private static IEnumerable<DateOnly> DaysOf(TimeWindow window, DateOnly today)
    {
        var last = today.AddDays(-1);
        foreach (var day in DaySearch.From(window.Days, last))
        {
            if (day > last) yield return last = day;
            if (window.From >= window.To && day.AddDays(1) > last) yield return last = day.AddDays(1);
        }
    }
}
