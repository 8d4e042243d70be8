using System.Text;
using Ulm.Dsl;
using Ulm.Server.Policies.Calendars;

namespace Ulm.Server.Tests.Policies;

public class IcsReaderTests
{
    private static readonly TimeZoneInfo Copenhagen = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20260505", 2026, "05-05")]
    [InlineData("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227", 2026, "12-24 12-25 12-26")]
    [InlineData("DTSTART;VALUE=DATE:20261224\nDURATION:P3D", 2026, "12-24 12-25 12-26")]
    [InlineData("DTSTART;VALUE=DATE:20200501\nRRULE:FREQ=YEARLY", 2043, "05-01")]
    [InlineData("DTSTART;VALUE=DATE:20200501\nRRULE:FREQ=YEARLY", 2019, "")]
    [InlineData("DTSTART;VALUE=DATE:20201231\nDTEND;VALUE=DATE:20210102\nRRULE:FREQ=YEARLY", 2026, "01-01 12-31")]
    [InlineData("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;VALUE=DATE:20260112", 2026, "01-05 01-19 01-26")]
    [InlineData("DTSTART;VALUE=DATE:20260105\nRDATE;VALUE=DATE:20260301,20260302", 2026, "01-05 03-01 03-02")]
    [InlineData("DTSTART;VALUE=DATE:20260105\nSTATUS:CANCELLED\nRDATE;VALUE=DATE:20260301", 2026, "")]
    public void All_day_events_are_the_same_days_everywhere(string lines, int year, string days) => Assert.Equal(days, Days(lines, year));

    [Theory]
    [InlineData("DTSTART:20260105T100000Z\nDURATION:PT1H", "01-05")]
    [InlineData("DTSTART:20260105T233000Z\nDURATION:PT1H", "01-06")]
    [InlineData("DTSTART:20260105T220000Z\nDURATION:PT2H", "01-05 01-06")]
    [InlineData("DTSTART:20260105T210000Z\nDURATION:PT2H", "01-05")]
    [InlineData("DTSTART:20260705T213000Z\nDURATION:PT1H", "07-05 07-06")]
    [InlineData("DTSTART;TZID=America/New_York:20260105T190000\nDURATION:PT1H", "01-06")]
    [InlineData("DTSTART;TZID=Europe/Copenhagen:20260105T220000\nDTEND;TZID=Europe/Copenhagen:20260106T060000", "01-05 01-06")]
    [InlineData("DTSTART;TZID=Europe/Copenhagen:20260105T220000\nDTEND;TZID=Europe/Copenhagen:20260106T000000", "01-05")]
    [InlineData("DTSTART:20260105T233000\nDURATION:PT10M", "01-05")]
    [InlineData("DTSTART:20260105T100000Z", "01-05")]
    [InlineData("DTSTART:20251231T233000Z\nDURATION:PT10M", "01-01")]
    [InlineData("DTSTART;TZID=Europe/Copenhagen:20260105T100000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=2\nEXDATE;TZID=Europe/Copenhagen:20260130T100000", "02-27")]
    public void Timed_events_lie_on_the_days_of_the_sites_clocks(string lines, string days) => Assert.Equal(days, Days(lines, 2026));

    [Fact]
    public void One_moved_occurrence_of_a_series_is_where_it_was_moved_to() => Assert.Equal("01-05 01-14 01-19", Days(Ics(
        "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=3", "RECURRENCE-ID;VALUE=DATE:20260112\nDTSTART;VALUE=DATE:20260114"), 2026, asIs: true));

    [Theory]
    [InlineData("", "the file is not an iCalendar file: it has no BEGIN:VCALENDAR")]
    [InlineData("<html><body>Sign in</body></html>", "the file is not an iCalendar file: Could not parse line")]
    [InlineData("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:2026", "the file is not an iCalendar file: Unclosed component VEVENT")]
    [InlineData("BEGIN:VCALENDAR\nVERSION:2.0\nEND:VCALENDAR\n", "the calendar has no event (VEVENT)")]
    public void What_is_no_calendar_is_told_from_one_without_events(string text, string because) => Assert.StartsWith(because, Unavailable(text));

    [Theory]
    [InlineData("SUMMARY:x", "event `x` has no DTSTART that can be read")]
    [InlineData("SUMMARY:x\nDTSTART;VALUE=DATE:2026", "event `x` has no DTSTART that can be read")]
    [InlineData("SUMMARY:x\nDTSTART:20260101T000000Z\nRRULE:FREQ=SECONDLY", "event `x` recurs SECONDLY; a calendar of days takes DAILY and rarer")]
    [InlineData("SUMMARY:x\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "event `x` never takes place: no day fits its RRULE")]
    [InlineData("SUMMARY:x\nDTSTART;VALUE=DATE:20260101\nEXDATE;VALUE=DATE:20260101", "event `x` never takes place")]
    [InlineData("DTSTART;TZID=Mars/Olympus:20260105T230000", "event `u0` can't be followed: Unrecognized time zone id Mars/Olympus")]
    public void An_event_that_can_not_be_followed_is_named(string lines, string because) => Assert.StartsWith(because, Unavailable(Ics(lines)));

    [Fact]
    public void Bytes_that_are_no_text_are_told() => Assert.Equal("the file is not UTF-8 text", Assert.IsType<CalendarLookup.Unavailable>(IcsReader.Read([0xff, 0xfe, 0], Copenhagen)).Because);

    [Fact]
    public void The_version_follows_the_contents_and_the_zone()
    {
        static string Version(string ics, TimeZoneInfo zone) => Assert.IsType<CalendarLookup.Found>(IcsReader.Read(Encoding.UTF8.GetBytes(ics), zone)).Version;
        var (one, other) = (Ics("DTSTART;VALUE=DATE:20260505"), Ics("DTSTART;VALUE=DATE:20260506"));

        Assert.Equal(Version(one, Copenhagen), Version(one, Copenhagen));
        Assert.NotEqual(Version(one, Copenhagen), Version(other, Copenhagen));
        Assert.NotEqual(Version(one, Copenhagen), Version(one, TimeZoneInfo.Utc));
    }

    internal static string Ics(params string[] events)
    {
        var text = new StringBuilder("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n");
        foreach (var lines in events) text.Append("BEGIN:VEVENT\nUID:u0\nDTSTAMP:20250101T000000Z\n").Append(lines).Append("\nEND:VEVENT\n");
        return text.Append("END:VCALENDAR\n").Replace("\n", "\r\n").ToString();
    }

    private static string Days(string lines, int year, bool asIs = false)
    {
        var found = Assert.IsType<CalendarLookup.Found>(IcsReader.Read(Encoding.UTF8.GetBytes(asIs ? lines : Ics(lines)), Copenhagen));
        return string.Join(' ', Enumerable.Range(0, 366).Select(i => new DateOnly(year, 1, 1).AddDays(i)).Where(d => d.Year == year && found.Days.Contains(d)).Select(d => d.ToString("MM-dd")));
    }

    private static string Unavailable(string text) => Assert.IsType<CalendarLookup.Unavailable>(IcsReader.Read(Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n")), Copenhagen)).Because;
}
