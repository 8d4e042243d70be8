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

    [Fact]
    public void A_condition_has_no_next_time() =>
        Assert.Null(ScheduleCalculator.Next(new Trigger.When(Some.Above(PolicyAttribute.HostCpu, 75), SubjectKind.Host, default), Some.Monday, TimeZoneInfo.Utc));

    private static Trigger.At At(string times, DaysOfWeek days) =>
        new([.. times.Split(", ").Select(t => TimeOnly.Parse(t, CultureInfo.InvariantCulture))], days);

    private static string Next(Trigger trigger, string after, string zone) =>
        Zones.Text(ScheduleCalculator.Next(trigger, Zones.Time(after), Zones.Of(zone)));
}
