using CsCheck;
using Ulm.Dsl.Policies;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Tests.Metrics;

public class WindowFunctionTests
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    [Theory]
    [InlineData(TimeFunction.Avg, 5.5)]
    [InlineData(TimeFunction.Min, 1)]
    [InlineData(TimeFunction.Max, 10)]
    [InlineData(TimeFunction.P95, 10)]
    [InlineData(TimeFunction.Rate, 1 / 60.0)]
    public void Of_one_to_ten_in_ten_minutes(TimeFunction function, double expected) =>
        Assert.Equal(expected, WindowFunctions.Of(function, Window([.. Enumerable.Range(1, 10).Select(n => (n, (double)n))]), 0), 9);

    [Theory]
    [InlineData(19, 19)]
    [InlineData(20, 19)]
    [InlineData(21, 20)]
    [InlineData(100, 95)]
    public void P95_is_the_nearest_rank(int count, double expected)
    {
        var window = new SampleWindow(TimeSpan.FromDays(1));
        foreach (var n in Enumerable.Range(1, count)) window.Add(new Sample(Some.Monday.AddSeconds(n), (n * 7919) % count + 1));

        Assert.Equal(expected, WindowFunctions.Of(TimeFunction.P95, window, 0));
    }

    [Fact]
    public void They_say_what_the_definitions_say_of_whatever_is_in_the_window() =>
        Gen.Select(Gen.Int[1, 90], Gen.Double[-1e6, 1e6]).Array[2, 60].Sample(steps =>
        {
            var (minute, samples) = (0, new List<Sample>());
            foreach (var (step, value) in steps) samples.Add(new Sample(Some.Monday.AddSeconds(minute += step), value));
            var window = new SampleWindow(Kept);
            foreach (var sample in samples) window.Add(sample);
            var at = samples[^1].At;
            var wanted = TimeSpan.FromMinutes(1 + minute % 30);
            var within = samples.Where(s => s.At > at - wanted).ToList();
            var from = window.FirstAfter(at - wanted);

            Assert.Equal(within.Count, window.Count - from);
            Assert.Equal(within.Average(s => s.Value), WindowFunctions.Of(TimeFunction.Avg, window, from), 3);
            Assert.Equal(within.Min(s => s.Value), WindowFunctions.Of(TimeFunction.Min, window, from));
            Assert.Equal(within.Max(s => s.Value), WindowFunctions.Of(TimeFunction.Max, window, from));
            Assert.Equal(within.Select(s => s.Value).Order().ElementAt((int)Math.Ceiling(0.95 * within.Count) - 1), WindowFunctions.Of(TimeFunction.P95, window, from));
        }, iter: 2000);

    [Fact]
    public void A_rate_is_the_slope_of_a_line_whatever_lies_off_it()
    {
        var window = Window((0, 10), (1, 14), (2, 12), (3, 16));

        Assert.Equal(1.6 / 60, WindowFunctions.Of(TimeFunction.Rate, window, 0), 9);
    }

    [Fact]
    public void A_window_keeps_what_is_not_older_than_the_latest_by_its_time_and_nothing_more()
    {
        var window = new SampleWindow(TimeSpan.FromMinutes(10));
        for (var minute = 0; minute < 100; minute++) window.Add(new Sample(Some.Monday.AddMinutes(minute), minute));

        Assert.Equal(10, window.Count);
        Assert.Equal((90.0, 99.0), (window[0].Value, window.Latest!.Value.Value));
    }

    [Fact]
    public void Time_does_not_run_backwards()
    {
        var window = Window((5, 1), (5, 2), (4, 3));

        Assert.Equal((1, 1.0), (window.Count, window[0].Value));
    }

    private static SampleWindow Window(params (double Minute, double Value)[] samples)
    {
        var window = new SampleWindow(Kept);
        foreach (var (minute, value) in samples) window.Add(new Sample(Some.Monday.AddMinutes(minute), value));
        return window;
    }
}
