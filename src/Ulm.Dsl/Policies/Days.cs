using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

[Flags]
public enum DaysOfWeek
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
    Weekdays = Monday | Tuesday | Wednesday | Thursday | Friday,
    Weekends = Saturday | Sunday,
    Daily = Weekdays | Weekends,
}

/// <summary>On which days: any of the parts, and none of the exceptions.</summary>
public sealed record DaySelection
{
    public static readonly DaySelection Daily = new() { Weekly = DaysOfWeek.Daily };

    /// <summary><c>weekdays</c>, <c>monday, friday</c>.</summary>
    public DaysOfWeek Weekly { get; init; }

    /// <summary><c>first monday of month</c>, <c>last day of month</c>.</summary>
    public ImmutableArray<DayOfMonth> Monthly { get; init; } = [];

    /// <summary><c>2026-12-24</c>.</summary>
    public ImmutableArray<DateOnly> Dates { get; init; } = [];

    /// <summary><c>except holidays</c>.</summary>
    public ImmutableArray<DayCalendar> Except { get; init; } = [];

    /// <summary>Neither months nor dates nor exceptions: what a cron expression can say.</summary>
    public bool IsWeekly => Monthly.IsEmpty && Dates.IsEmpty && Except.IsEmpty;

    public static implicit operator DaySelection(DaysOfWeek weekly) => new() { Weekly = weekly };

    public bool Contains(DateOnly day) =>
        (Weekly.HasFlag(Of(day.DayOfWeek)) || Monthly.Any(m => m.Contains(day)) || Dates.Contains(day)) && !Except.Any(c => c.Contains(day));

    public bool Equals(DaySelection? other) =>
        other is not null && Weekly == other.Weekly && Monthly.SequenceEqual(other.Monthly) && Dates.SequenceEqual(other.Dates) && Except.SequenceEqual(other.Except);

    public override int GetHashCode() => HashCode.Combine(Weekly, Monthly.Length, Dates.Length, Except.Length);

    private static DaysOfWeek Of(DayOfWeek day) => day == DayOfWeek.Sunday ? DaysOfWeek.Sunday : (DaysOfWeek)(1 << ((int)day - 1));
}

/// <summary>The first, second, ... or last of a month: a day of the week, or any day.</summary>
/// <param name="Ordinal">1 to 5 from the start of the month, -1: the last.</param>
/// <param name="Weekday">Null: <c>first day of month</c>, <c>last day of month</c>.</param>
public sealed record DayOfMonth(int Ordinal, DayOfWeek? Weekday)
{
    public bool Contains(DateOnly day)
    {
        if (Weekday is { } weekday && day.DayOfWeek != weekday) return false;
        var span = Weekday is null ? 1 : 7;
        return Ordinal < 0
            ? day.Day > DateTime.DaysInMonth(day.Year, day.Month) - span
            : (day.Day - 1) / span == Ordinal - 1;
    }
}

/// <summary>Days that a <c>calendar</c> sentence names.</summary>
public abstract record DayCalendar(string Name)
{
    public abstract bool Contains(DateOnly day);
}

/// <summary><c>calendar holidays = 2026-12-24 to 2026-12-26, 2027-01-01</c></summary>
public sealed record DateCalendar(string Name, ImmutableArray<DateRange> Ranges) : DayCalendar(Name)
{
    public override bool Contains(DateOnly day) => Ranges.Any(r => r.First <= day && day <= r.Last);

    public bool Equals(DateCalendar? other) => other is not null && Name == other.Name && Ranges.SequenceEqual(other.Ranges);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Both ends belong to it.</summary>
public readonly record struct DateRange(DateOnly First, DateOnly Last);

/// <summary>A time of day on certain days: <c>07:00-20:00 weekdays except holidays</c>.</summary>
/// <param name="From">Belongs to it.</param>
/// <param name="To">Does not. Not after <paramref name="From"/>: the window crosses midnight and belongs to the day it begins on. Equal: the whole day.</param>
public sealed record TimeWindow(TimeOnly From, TimeOnly To, DaySelection Days, string Text)
{
    /// <param name="local">In the zone of the policy set.</param>
    public bool Contains(DateTime local)
    {
        var (day, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        if (From < To) return From <= time && time < To && Days.Contains(day);
        return time >= From ? Days.Contains(day) : time < To && day > DateOnly.MinValue && Days.Contains(day.AddDays(-1));
    }
}
