using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;

namespace Ulm.Server.Policies.Calendars;

/// <summary>
/// The days that the events of an iCalendar file touch, on the site's clocks. Recurrences may have no end, so a year is worked out when it is
/// first asked about. Safe to use from several threads.
/// </summary>
/// <param name="version">Another text for other contents or another zone.</param>
internal sealed class IcsDays(CalendarCollection calendars, TimeZoneInfo zone, string version)
{
    private readonly Dictionary<int, HashSet<DateOnly>> _years = [];
    private readonly Lock _lock = new();

    public string Version => version;

    public bool Contains(DateOnly day)
    {
        lock (_lock)
        {
            if (!_years.TryGetValue(day.Year, out var days)) _years.Add(day.Year, days = DaysOf(day.Year));
            return days.Contains(day);
        }
    }

    private HashSet<DateOnly> DaysOf(int year)
    {
        var days = new HashSet<DateOnly>();
        var (first, last) = (new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));
        // A day more on both sides: an event elsewhere may lie on another day than it does here.
        if (year <= DateOnly.MinValue.Year || year >= DateOnly.MaxValue.Year) return days;
        foreach (var occurrence in calendars.GetOccurrences<CalendarEvent>(new CalDateTime(first.AddDays(-1))).TakeWhile(o => o.Period.StartTime.Date <= last.AddDays(1)))
        {
            if (IsCancelled(occurrence)) continue;
            var (from, to) = DaysOf(occurrence.Period);
            for (var day = from < first ? first : from; day <= to && day <= last; day = day.AddDays(1)) days.Add(day);
        }

        return days;
    }

    private static bool IsCancelled(Occurrence occurrence) => occurrence.Source is CalendarEvent { Status: { } status } && status.Equals(EventStatus.Cancelled, StringComparison.OrdinalIgnoreCase);

    /// <summary>Both ends belong to it. An event that ends at midnight does not touch the day that begins then.</summary>
    private (DateOnly From, DateOnly To) DaysOf(Period period)
    {
        var (start, end) = (Local(period.StartTime), Local(period.EffectiveEndTime ?? period.StartTime));
        return (DateOnly.FromDateTime(start), DateOnly.FromDateTime(end > start ? end.AddTicks(-1) : start));
    }

    /// <summary>A date, or a time without a zone, is the same everywhere.</summary>
    private DateTime Local(CalDateTime time) =>
        time.IsFloating || !time.HasTime ? time.Value : TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(time.AsUtc, DateTimeKind.Utc), zone);
}
