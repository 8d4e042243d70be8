using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.Evaluation;
using Ulm.Dsl;

namespace Ulm.Server.Policies.Calendars;

/// <summary>From the contents of an <c>.ics</c> file (RFC 5545) to its days, or to why there are none.</summary>
internal static class IcsReader
{
    /// <param name="zone">Of the site: on its clocks an event lies on its days.</param>
    public static CalendarLookup Read(byte[] contents, TimeZoneInfo zone)
    {
        if (!Utf8.IsValid(contents)) return new CalendarLookup.Unavailable("the file is not UTF-8 text");
        CalendarCollection calendars;
        try
        {
            calendars = CalendarCollection.Load(Encoding.UTF8.GetString(contents));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Ical.Net tells faults of a text by exceptions of many kinds, its own and those of what it calls.
            return new CalendarLookup.Unavailable($"the file is not an iCalendar file: {OneLine(e.Message)}");
        }

        var events = calendars.SelectMany(c => c.Events).ToList();
        if (calendars.Count == 0) return new CalendarLookup.Unavailable("the file is not an iCalendar file: it has no BEGIN:VCALENDAR");
        if (events.Count == 0) return new CalendarLookup.Unavailable("the calendar has no event (VEVENT)");
        if (events.Select(FaultOf).FirstOrDefault(f => f is not null) is { } fault) return new CalendarLookup.Unavailable(fault);
        var version = $"{Convert.ToHexStringLower(SHA256.HashData(contents))} {zone.Id}";
        return new CalendarLookup.Found(new IcsCalendar("", new IcsDays(calendars, zone, version)), version);
    }

    private static string? FaultOf(CalendarEvent candidate)
    {
        var name = $"event `{candidate.Summary ?? candidate.Uid ?? "without a name"}`";
        if (candidate.DtStart is null) return $"{name} has no DTSTART that can be read";
        if (candidate.RecurrenceRule is { Frequency: FrequencyType.Secondly or FrequencyType.Minutely or FrequencyType.Hourly } rule)
            return $"{name} recurs {rule.Frequency.ToString().ToUpperInvariant()}; a calendar of days takes DAILY and rarer";
        try
        {
            // Its zone and its rule are looked at only when it is worked out: here, where there is somebody to tell.
            var first = candidate.GetOccurrences(candidate.DtStart).FirstOrDefault();
            _ = (candidate.DtStart.AsUtc, candidate.DtEnd?.AsUtc);
            return first is not null || candidate.RecurrenceIdentifier is not null ? null : $"{name} never takes place";
        }
        catch (EvaluationOutOfRangeException)
        {
            return $"{name} never takes place: no day fits its RRULE";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"{name} can't be followed: {OneLine(e.Message)}";
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.');
}
