namespace Ulm.Engine.Schedules;

/// <summary>What a change of clocks does to a local time.</summary>
public enum ClockChange
{
    None,

    /// <summary>The clocks go forward over it: it does not exist on that day.</summary>
    Skipped,

    /// <summary>The clocks go back over it: it comes twice on that day.</summary>
    Repeated,
}

/// <summary>Local times on the time line, by what the zone's clocks really show: a skipped time is the end of its gap, a repeated one the first of the two.</summary>
public static class WallClock
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <param name="local">What a clock on the wall of that zone shows.</param>
    /// <returns>The instant, in the zone's own offset.</returns>
    public static (DateTimeOffset At, ClockChange Change) Resolve(DateTime local, TimeZoneInfo zone)
    {
        // Offsets a day before and after: clocks are never changed twice within so short a time.
        var utc = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        var before = zone.GetUtcOffset(utc - Day);
        var after = zone.GetUtcOffset(utc + Day);
        if (before == after) return (new DateTimeOffset(local, before), ClockChange.None);
        var (old, @new) = (new DateTimeOffset(local, before), new DateTimeOffset(local, after));
        var (isOld, isNew) = (zone.GetUtcOffset(old) == before, zone.GetUtcOffset(@new) == after);
        return (isOld, isNew) switch
        {
            (true, true) => (old < @new ? old : @new, ClockChange.Repeated),
            (true, false) => (old, ClockChange.None),
            (false, true) => (@new, ClockChange.None),
            _ => (TimeZoneInfo.ConvertTime(ChangeBetween(@new, old, after, zone), zone), ClockChange.Skipped),
        };
    }

    /// <summary>See <see cref="Resolve"/>.</summary>
    public static DateTimeOffset At(DateTime local, TimeZoneInfo zone) => Resolve(local, zone).At;

    /// <summary>When the day begins: midnight, or the end of the gap that it falls into.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone) => At(day.ToDateTime(TimeOnly.MinValue), zone);

    public static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);

    /// <summary>The second at which the zone comes to <paramref name="offset"/>, by bisection.</summary>
    private static DateTimeOffset ChangeBetween(DateTimeOffset from, DateTimeOffset to, TimeSpan offset, TimeZoneInfo zone)
    {
        var (low, high) = (from.ToUnixTimeSeconds() - 1, to.ToUnixTimeSeconds() + 1);
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(middle)) == offset) high = middle;
            else low = middle;
        }

        return DateTimeOffset.FromUnixTimeSeconds(high);
    }
}
