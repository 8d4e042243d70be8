using Ulm.Engine.Metrics;

namespace Ulm.Engine.Tests.Metrics;

/// <summary>Days that are alike: idle by night, busy from 8 to 18, with a steep morning; a sample a minute.</summary>
public class ForecasterTests
{
    private static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    [Fact]
    public void It_knows_the_morning_from_the_mornings_before()
    {
        var forecaster = After(days: 3, untilHour: 7.5);
        var forecast = forecaster.At(At(3, 7.5), HalfHour)!.Value;

        Assert.Equal(3, forecast.EarlierDays);
        Assert.InRange(forecast.Value, 65, 95);
        Assert.InRange(forecast.Error, 0, 10);
    }

    [Fact]
    public void On_the_first_day_it_has_the_trend_alone()
    {
        var forecaster = After(days: 0, untilHour: 7.5);
        var forecast = forecaster.At(At(0, 7.5), HalfHour)!.Value;

        Assert.Equal(0, forecast.EarlierDays);
        Assert.InRange(forecast.Value, 0, 15);
    }

    [Fact]
    public void A_straight_rise_goes_on_for_a_while()
    {
        var forecaster = new Forecaster([HalfHour]);
        for (var minute = 0; minute <= 60; minute++) forecaster.Add(new Sample(Some.Monday.AddMinutes(minute), minute * 0.5));

        Assert.InRange(forecaster.At(Some.Monday.AddMinutes(60), HalfHour)!.Value.Value, 38, 46);
    }

    [Fact]
    public void A_day_that_is_busier_than_those_before_is_expected_to_stay_so()
    {
        var forecaster = After(days: 3, untilHour: 0);
        for (var minute = 0; minute <= 720; minute++) forecaster.Add(new Sample(At(3, 0).AddMinutes(minute), Load(minute / 60.0) + 10));

        Assert.InRange(forecaster.At(At(3, 12), HalfHour)!.Value.Value, 85, 92);
    }

    [Fact]
    public void Its_error_is_how_far_off_it_was()
    {
        var steady = new Forecaster([HalfHour]);
        for (var minute = 0; minute <= 300; minute++) steady.Add(new Sample(Some.Monday.AddMinutes(minute), 50));
        Assert.Equal(0, steady.At(Some.Monday.AddMinutes(300), HalfHour)!.Value.Error, 3);

        var early = new Forecaster([HalfHour]);
        for (var minute = 0; minute <= 30; minute++) early.Add(new Sample(Some.Monday.AddMinutes(minute), 50));
        Assert.True(double.IsNaN(early.At(Some.Monday.AddMinutes(30), HalfHour)!.Value.Error));
    }

    [Fact]
    public void Where_days_say_nothing_the_trend_comes_to_count_more()
    {
        // Ever rising: the same time yesterday is always far below.
        var forecaster = new Forecaster([HalfHour]);
        for (var minute = 0; minute <= 2880; minute++) forecaster.Add(new Sample(Some.Monday.AddMinutes(minute), minute * 0.02));
        var forecast = forecaster.At(Some.Monday.AddMinutes(2880), HalfHour)!.Value;

        Assert.InRange(forecast.Value, 57.5, 58.6);
        Assert.InRange(forecast.Error, 0, 1);
    }

    [Fact]
    public void Without_recent_samples_there_is_no_forecast()
    {
        var forecaster = After(days: 2, untilHour: 6);

        Assert.Null(forecaster.At(At(2, 7), HalfHour));
        Assert.Equal(0, forecaster.RecentSteps(At(2, 7)));
    }

    [Fact]
    public void What_is_a_week_old_counts_no_longer()
    {
        var forecaster = new Forecaster([HalfHour]);
        for (var minute = 0; minute < 1440; minute++) forecaster.Add(new Sample(Some.Monday.AddMinutes(minute), 90));
        for (var minute = 0; minute < 60; minute++) forecaster.Add(new Sample(Some.Monday.AddDays(9).AddMinutes(minute), 10));
        var forecast = forecaster.At(Some.Monday.AddDays(9).AddMinutes(60), HalfHour)!.Value;

        Assert.Equal(0, forecast.EarlierDays);
        Assert.Equal(10, forecast.Value, 3);
    }

    private static Forecaster After(int days, double untilHour)
    {
        var forecaster = new Forecaster([HalfHour]);
        for (var minute = 0; minute <= days * 1440 + untilHour * 60; minute++) forecaster.Add(new Sample(Some.Monday.AddMinutes(minute), Load(minute / 60.0 % 24)));
        return forecaster;
    }

    private static DateTimeOffset At(int day, double hour) => Some.Monday.AddDays(day).AddHours(hour);

    private static double Load(double hour) => hour is >= 8 and < 18 ? 80 : hour is >= 7.75 and < 8 ? 40 : 5;
}
