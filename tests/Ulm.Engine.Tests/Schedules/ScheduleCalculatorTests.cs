using System.Globalization;
using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Tests.Schedules;

public class ScheduleCalculatorTests
{
    private const string Copenhagen = "Europe/Copenhagen";
    private const string NewYork = "America/New_York";
    private const string LordHowe = "Australia/Lord_Howe";
    private const string SaoPaulo = "America/Sao_Paulo";
    private const string Kolkata = "Asia/Kolkata";

    [Theory]
    [InlineData("20:00", DaysOfWeek.Daily, "2026-01-05 19:59 +01:00", "2026-01-05 20:00 +01:00")]
    [InlineData("20:00", DaysOfWeek.Daily, "2026-01-05 20:00 +01:00", "2026-01-06 20:00 +01:00")]
    [InlineData("20:00", DaysOfWeek.Weekdays, "2026-01-09 20:00 +01:00", "2026-01-12 20:00 +01:00")]
    [InlineData("20:00", DaysOfWeek.Weekends, "2026-01-05 20:00 +01:00", "2026-01-10 20:00 +01:00")]
    [InlineData("20:00", DaysOfWeek.Sunday, "2026-01-05 20:00 +01:00", "2026-01-11 20:00 +01:00")]
    [InlineData("08:00, 20:00", DaysOfWeek.Daily, "2026-01-05 12:00 +01:00", "2026-01-05 20:00 +01:00")]
    [InlineData("20:00, 08:00", DaysOfWeek.Daily, "2026-01-05 21:00 +01:00", "2026-01-06 08:00 +01:00")]
    [InlineData("08:00, 20:00", DaysOfWeek.Monday | DaysOfWeek.Thursday, "2026-01-05 21:00 +01:00", "2026-01-08 08:00 +01:00")]
    [InlineData("00:00", DaysOfWeek.Daily, "2026-01-05 23:59 +01:00", "2026-01-06 00:00 +01:00")]
    [InlineData("20:00:30", DaysOfWeek.Daily, "2026-01-05 20:00 +01:00", "2026-01-05 20:00:30 +01:00")]
    [InlineData("20:00", DaysOfWeek.None, "2026-01-05 19:59 +01:00", "never")]
    public void At_fires_at_its_times_on_its_days(string times, DaysOfWeek days, string after, string next) =>
        Assert.Equal(next, Next(At(times, days), after, Copenhagen));

    [Theory]
    [InlineData(15, "2026-01-05 12:07 +01:00", "2026-01-05 12:15 +01:00")]
    [InlineData(15, "2026-01-05 12:15 +01:00", "2026-01-05 12:30 +01:00")]
    [InlineData(15, "2026-01-05 23:45 +01:00", "2026-01-06 00:00 +01:00")]
    [InlineData(7, "2026-01-05 00:00 +01:00", "2026-01-05 00:07 +01:00")]
    [InlineData(7, "2026-01-05 23:48 +01:00", "2026-01-05 23:55 +01:00")]
    [InlineData(7, "2026-01-05 23:55 +01:00", "2026-01-06 00:00 +01:00")]
    [InlineData(7, "2026-01-06 00:00 +01:00", "2026-01-06 00:07 +01:00")]
    [InlineData(24 * 60, "2026-01-05 12:00 +01:00", "2026-01-06 00:00 +01:00")]
    [InlineData(2 * 24 * 60, "2026-01-05 12:00 +01:00", "2026-01-07 00:00 +01:00")]
    [InlineData(2 * 24 * 60, "2026-01-07 00:00 +01:00", "2026-01-09 00:00 +01:00")]
    [InlineData(36 * 60, "2026-01-05 12:00 +01:00", "2026-01-07 00:00 +01:00")]
    [InlineData(36 * 60, "2026-01-07 00:00 +01:00", "2026-01-08 12:00 +01:00")]
    public void Every_counts_from_local_midnight(int minutes, string after, string next) =>
        Assert.Equal(next, Next(new Trigger.Every(TimeSpan.FromMinutes(minutes)), after, Copenhagen));

    [Theory]
    [InlineData(Copenhagen, "02:30", "2026-03-28 12:00 +01:00", "2026-03-29 03:00 +02:00")]
    [InlineData(Copenhagen, "02:00", "2026-03-28 12:00 +01:00", "2026-03-29 03:00 +02:00")]
    [InlineData(Copenhagen, "02:59:59", "2026-03-28 12:00 +01:00", "2026-03-29 03:00 +02:00")]
    [InlineData(Copenhagen, "03:00", "2026-03-28 12:00 +01:00", "2026-03-29 03:00 +02:00")]
    [InlineData(NewYork, "02:30", "2026-03-07 12:00 -05:00", "2026-03-08 03:00 -04:00")]
    [InlineData(LordHowe, "02:15", "2026-10-03 12:00 +10:30", "2026-10-04 02:30 +11:00")]
    [InlineData(SaoPaulo, "00:30", "2018-11-03 12:00 -03:00", "2018-11-04 01:00 -02:00")]
    [InlineData(SaoPaulo, "00:00", "2018-11-03 12:00 -03:00", "2018-11-04 01:00 -02:00")]
    [InlineData(Kolkata, "02:30", "2026-03-28 12:00 +05:30", "2026-03-29 02:30 +05:30")]
    public void A_time_skipped_in_spring_fires_at_the_end_of_the_gap(string zone, string time, string after, string next) =>
        Assert.Equal(next, Next(At(time, DaysOfWeek.Daily), after, zone));

    [Theory]
    [InlineData(Copenhagen, "02:30", "2026-03-29 03:00 +02:00", "2026-03-30 02:30 +02:00")]
    [InlineData(NewYork, "02:30", "2026-03-08 03:00 -04:00", "2026-03-09 02:30 -04:00")]
    [InlineData(LordHowe, "02:15", "2026-10-04 02:30 +11:00", "2026-10-05 02:15 +11:00")]
    [InlineData(SaoPaulo, "00:30", "2018-11-04 01:00 -02:00", "2018-11-05 00:30 -02:00")]
    public void After_the_gap_it_is_the_next_day_s_turn(string zone, string time, string after, string next) =>
        Assert.Equal(next, Next(At(time, DaysOfWeek.Daily), after, zone));

    [Fact]
    public void A_skipped_time_on_a_day_that_is_not_meant_does_not_fire() =>
        Assert.Equal("2026-03-30 02:30 +02:00", Next(At("02:30", DaysOfWeek.Weekdays), "2026-03-28 12:00 +01:00", Copenhagen));

    [Theory]
    [InlineData(Copenhagen, "02:30", "2026-10-25 00:00 +02:00", "2026-10-25 02:30 +02:00", "2026-10-26 02:30 +01:00")]
    [InlineData(Copenhagen, "02:00", "2026-10-25 00:00 +02:00", "2026-10-25 02:00 +02:00", "2026-10-26 02:00 +01:00")]
    [InlineData(NewYork, "01:30", "2026-11-01 00:00 -04:00", "2026-11-01 01:30 -04:00", "2026-11-02 01:30 -05:00")]
    [InlineData(LordHowe, "01:45", "2026-04-05 00:00 +11:00", "2026-04-05 01:45 +11:00", "2026-04-06 01:45 +10:30")]
    [InlineData(SaoPaulo, "23:30", "2018-02-17 12:00 -02:00", "2018-02-17 23:30 -02:00", "2018-02-18 23:30 -03:00")]
    public void A_time_that_comes_twice_in_autumn_fires_the_first_time_only(string zone, string time, string after, string first, string second)
    {
        var trigger = At(time, DaysOfWeek.Daily);

        Assert.Equal(first, Next(trigger, after, zone));
        Assert.Equal(second, Next(trigger, first, zone));
    }

    [Theory]
    [InlineData(Copenhagen, "02:30", "2026-10-25 02:10 +01:00", "2026-10-26 02:30 +01:00")]
    [InlineData(NewYork, "01:30", "2026-11-01 01:10 -05:00", "2026-11-02 01:30 -05:00")]
    [InlineData(LordHowe, "01:45", "2026-04-05 01:35 +10:30", "2026-04-06 01:45 +10:30")]
    [InlineData(SaoPaulo, "23:30", "2018-02-17 23:10 -03:00", "2018-02-18 23:30 -03:00")]
    public void Asked_within_the_second_pass_it_is_over_for_the_day(string zone, string time, string after, string next) =>
        Assert.Equal(next, Next(At(time, DaysOfWeek.Daily), after, zone));

    [Theory]
    [InlineData(Copenhagen, "2026-10-25 02:45 +02:00", "2026-10-25 02:00 +01:00")]
    [InlineData(Copenhagen, "2026-03-29 01:45 +01:00", "2026-03-29 03:00 +02:00")]
    [InlineData(LordHowe, "2026-04-05 01:45 +11:00", "2026-04-05 01:30 +10:30")]
    [InlineData(SaoPaulo, "2018-11-03 23:45 -03:00", "2018-11-04 01:00 -02:00")]
    public void A_period_goes_on_through_a_change_of_clocks(string zone, string after, string next) =>
        Assert.Equal(next, Next(new Trigger.Every(TimeSpan.FromMinutes(15)), after, zone));

    /// <summary>A day of 25 hours has one midnight: a daily rule must not fire an hour before it as well.</summary>
    [Theory]
    [InlineData(1, "2026-10-25 00:00 +02:00", "2026-10-26 00:00 +01:00")]
    [InlineData(1, "2026-03-29 00:00 +01:00", "2026-03-30 00:00 +02:00")]
    [InlineData(2, "2026-10-24 00:00 +02:00", "2026-10-26 00:00 +01:00")]
    public void Whole_days_are_calendar_days(int days, string after, string next) =>
        Assert.Equal(next, Next(new Trigger.Every(TimeSpan.FromDays(days)), after, Copenhagen));

    /// <summary>2026: 1 January is a Thursday; holidays are 24 to 26 December and 1 January 2027.</summary>
    [Theory]
    [InlineData("first monday", "2026-01-05 20:00 +01:00", "2026-02-02 20:00 +01:00")]
    [InlineData("first thursday", "2025-12-31 12:00 +01:00", "2026-01-01 20:00 +01:00")]
    [InlineData("last day", "2026-02-27 20:00 +01:00", "2026-02-28 20:00 +01:00")]
    [InlineData("last day", "2028-02-28 20:00 +01:00", "2028-02-29 20:00 +01:00")]
    [InlineData("last friday", "2026-01-05 20:00 +01:00", "2026-01-30 20:00 +01:00")]
    [InlineData("5th thursday", "2026-01-30 20:00 +01:00", "2026-04-30 20:00 +02:00")]
    [InlineData("2026-12-24", "2026-01-05 20:00 +01:00", "2026-12-24 20:00 +01:00")]
    [InlineData("2026-12-24", "2026-12-24 20:00 +01:00", "never")]
    [InlineData("2199-12-24", "2026-12-24 20:00 +01:00", "2199-12-24 20:00 +01:00")]
    [InlineData("2026-12-24 but holidays", "2026-01-05 20:00 +01:00", "never")]
    [InlineData("weekdays but holidays", "2026-12-23 20:00 +01:00", "2026-12-28 20:00 +01:00")]
    [InlineData("weekdays but holidays", "2026-12-31 20:00 +01:00", "2027-01-04 20:00 +01:00")]
    [InlineData("weekdays but always", "2026-12-31 20:00 +01:00", "never")]
    public void Days_may_be_of_a_month_or_a_date_or_not_in_a_calendar(string days, string after, string next) =>
        Assert.Equal(next, Next(new Trigger.At([new(20, 0)], Days(days)), after, Copenhagen));

    [Theory]
    [InlineData(60, "08:00", "18:00", "weekdays", "2026-01-05 18:00 +01:00", "2026-01-06 08:00 +01:00")]
    [InlineData(60, "08:00", "18:00", "weekdays", "2026-01-05 16:30 +01:00", "2026-01-05 17:00 +01:00")]
    [InlineData(60, "08:00", "18:00", "weekdays", "2026-01-09 17:00 +01:00", "2026-01-12 08:00 +01:00")]
    [InlineData(50, "08:00", "18:00", "weekdays", "2026-01-05 00:00 +01:00", "2026-01-05 08:20 +01:00")]
    [InlineData(60, "22:00", "06:00", "2026-01-09", "2026-01-09 12:00 +01:00", "2026-01-09 22:00 +01:00")]
    [InlineData(60, "22:00", "06:00", "2026-01-09", "2026-01-09 23:00 +01:00", "2026-01-10 00:00 +01:00")]
    [InlineData(60, "22:00", "06:00", "2026-01-09", "2026-01-10 05:00 +01:00", "never")]
    [InlineData(60, "00:00", "00:00", "saturday", "2026-01-09 12:00 +01:00", "2026-01-10 00:00 +01:00")]
    [InlineData(60, "00:00", "00:00", "saturday", "2026-01-10 23:00 +01:00", "2026-01-17 00:00 +01:00")]
    [InlineData(60, "00:00", "00:00", "first monday", "2026-01-05 23:00 +01:00", "2026-02-02 00:00 +01:00")]
    [InlineData(24 * 60, "08:00", "18:00", "weekdays", "2026-01-05 12:00 +01:00", "never")]
    [InlineData(60, "08:00", "18:00", "weekdays but always", "2026-01-05 12:00 +01:00", "never")]
    public void Every_keeps_to_its_window_and_the_days_on_which_it_begins(int minutes, string from, string to, string days, string after, string next) =>
        Assert.Equal(next, Next(
            new Trigger.Every(TimeSpan.FromMinutes(minutes)) { Between = new(Time(from), Time(to), Days(days), "") }, after, Copenhagen));

    [Theory]
    [InlineData("0 0 20 ? * MON-FRI", "2026-01-09 20:00 +01:00", "2026-01-12 20:00 +01:00")]
    [InlineData("0 0 20 1 * MON", "2026-01-05 12:00 +01:00", "2026-01-05 20:00 +01:00")]
    [InlineData("0 0 20 1 * MON", "2026-01-26 21:00 +01:00", "2026-02-01 20:00 +01:00")]
    [InlineData("0 0 20 13 * FRI", "2026-01-09 21:00 +01:00", "2026-01-13 20:00 +01:00")]
    [InlineData("0 0 20 * * MON", "2026-01-05 21:00 +01:00", "2026-01-12 20:00 +01:00")]
    [InlineData("0 0 20 1 * *", "2026-01-05 21:00 +01:00", "2026-02-01 20:00 +01:00")]
    [InlineData("0 30 2 * * ?", "2026-03-28 12:00 +01:00", "2026-03-29 03:00 +02:00")]
    [InlineData("0 30 2 * * ?", "2026-10-25 02:10 +01:00", "2026-10-26 02:30 +01:00")]
    [InlineData("0 0/15 * * * ?", "2026-10-25 02:45 +02:00", "2026-10-25 02:00 +01:00")]
    [InlineData("0 0 12 29 2 ?", "2026-01-05 12:00 +01:00", "2028-02-29 12:00 +01:00")]
    [InlineData("0 0 12 30 2 ?", "2026-01-05 12:00 +01:00", "never")]
    [InlineData("0 0 12 1 1 ? 2020", "2026-01-05 12:00 +01:00", "never")]
    public void Cron_is_read_as_Quartz_reads_it(string expression, string after, string next) =>
        Assert.Equal(next, Next(new Trigger.Cron(expression), after, Copenhagen));

    [Theory]
    [InlineData("07:30", 9, "2026-01-05 06:00 +01:00", "2026-01-05 07:21 +01:00")]
    [InlineData("07:30", 9, "2026-01-05 07:21 +01:00", "2026-01-06 07:21 +01:00")]
    [InlineData("00:05", 9, "2026-01-05 12:00 +01:00", "2026-01-05 23:56 +01:00")]
    [InlineData("00:05", 9, "2026-01-09 12:00 +01:00", "2026-01-11 23:56 +01:00")]
    [InlineData("03:05", 9, "2026-03-29 00:00 +01:00", "2026-03-30 02:56 +02:00")]
    public void Have_on_starts_its_lead_earlier_than_the_time_even_if_that_is_the_day_before(string by, int lead, string after, string next) =>
        Assert.Equal(next, Zones.Text(ScheduleCalculator.Next(
            new Trigger.HaveOn(3, Time(by), DaysOfWeek.Weekdays), Zones.Time(after), Zones.Of(Copenhagen), TimeSpan.FromMinutes(lead))));

    [Fact]
    public void The_lead_is_elapsed_time_also_where_the_clocks_change_within_it() =>
        Assert.Equal("2026-03-29 01:56 +01:00", Zones.Text(ScheduleCalculator.Next(
            new Trigger.HaveOn(3, new(3, 5), DaysOfWeek.Daily), Zones.Time("2026-03-29 00:00 +01:00"), Zones.Of(Copenhagen), TimeSpan.FromMinutes(9))));

    [Fact]
    public void A_condition_has_no_next_time() =>
        Assert.Null(ScheduleCalculator.Next(new Trigger.When(Some.Above(PolicyAttribute.HostCpu, 75), SubjectKind.Host, default), Some.Monday, TimeZoneInfo.Utc));

    private static Trigger.At At(string times, DaysOfWeek days) =>
        new([.. times.Split(", ").Select(t => TimeOnly.Parse(t, CultureInfo.InvariantCulture))], days);

    private static TimeOnly Time(string text) => TimeOnly.Parse(text, CultureInfo.InvariantCulture);

    private static DaySelection Days(string text)
    {
        var (days, except) = text.Split(" but ") is [var d, var e] ? (d, e) : (text, null);
        var holidays = new DateCalendar("holidays", [new(new(2026, 12, 24), new(2026, 12, 26)), new(new(2027, 1, 1), new(2027, 1, 1))]);
        var selection = days.Split(' ') switch
        {
            [var one] when DateOnly.TryParseExact(one, "yyyy-MM-dd", out var date) => new DaySelection { Dates = [date] },
            [var one] => Enum.Parse<DaysOfWeek>(one, ignoreCase: true),
            [var ordinal, var day] => new DaySelection
            {
                Monthly = [new(ordinal == "last" ? -1 : ordinal == "first" ? 1 : ordinal[0] - '0', day == "day" ? null : Enum.Parse<DayOfWeek>(day, ignoreCase: true))],
            },
            _ => throw new ArgumentException(text),
        };
        return except switch
        {
            null => selection,
            "holidays" => selection with { Except = [holidays] },
            _ => selection with { Except = [new DateCalendar("always", [new(DateOnly.MinValue, DateOnly.MaxValue)])] },
        };
    }

    private static string Next(Trigger trigger, string after, string zone) =>
        Zones.Text(ScheduleCalculator.Next(trigger, Zones.Time(after), Zones.Of(zone)));
}
