using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Facts;

/// <summary>Host h1 is polled once a minute; its CPU use is the number of the minute.</summary>
public class OverTimeFactsTests
{
    private static readonly SubjectRef H1 = SubjectRef.Host("h1");

    [Theory]
    [InlineData(TimeFunction.Avg, "16")]
    [InlineData(TimeFunction.Min, "9")]
    [InlineData(TimeFunction.Max, "23")]
    [InlineData(TimeFunction.P95, "23")]
    public void Of_the_last_quarter_of_an_hour(TimeFunction function, string expected) => Assert.Equal(expected, Read(function, 15, at: 23, measured: _ => true));

    [Theory]
    [InlineData(10, "unknown: measured at 11 of the 15 polls of the last 15m, 12 are needed, over most of that time")]
    [InlineData(11, "5.5")]
    public void After_a_start_it_is_unknown_until_enough_was_measured(int at, string expected) => Assert.Equal(expected, Read(TimeFunction.Avg, 15, at, _ => true));

    [Fact]
    public void A_few_missed_polls_do_no_harm_and_many_do()
    {
        Assert.DoesNotContain("unknown", Read(TimeFunction.Avg, 15, 23, m => m is not (12 or 15 or 20)));
        Assert.StartsWith("unknown: measured at 11 of the 15 polls", Read(TimeFunction.Avg, 15, 23, m => m is not (10 or 12 or 15 or 20)));
        Assert.StartsWith("unknown: last measured 4m ago", Read(TimeFunction.Avg, 15, 23, m => m < 20));
    }

    [Fact]
    public void In_the_shortest_windows_one_poll_may_be_missing()
    {
        Assert.Equal("22", Read(TimeFunction.Max, 2, 23, m => m != 23));
        Assert.StartsWith("unknown", Read(TimeFunction.Max, 2, 23, m => m < 22));
    }

    [Fact]
    public void Many_samples_of_a_short_time_are_no_whole_window()
    {
        var metrics = Needing(TimeFunction.Avg, 15);
        for (var second = 0; second < 120; second++) metrics.Add(new Measurement(H1, HostCpu, Some.Monday.AddSeconds(second), 50));

        Assert.StartsWith("unknown", Text(FactsAt(2, metrics), TimeFunction.Avg, 15));
    }

    [Fact]
    public void It_rests_on_its_oldest_sample_and_is_as_new_as_its_newest()
    {
        var metrics = Needing(TimeFunction.Avg, 15);
        for (var minute = 0; minute <= 23; minute++) metrics.Add(new Measurement(H1, HostCpu, Some.Monday.AddMinutes(minute), minute));
        var reading = FactsAt(23, metrics).Read(H1, new Fact.OverTime(TimeFunction.Avg, HostCpu, TimeSpan.FromMinutes(15)));

        Assert.Equal((Some.Monday.AddMinutes(9), Some.Monday.AddMinutes(23)), (reading.Since, reading.At));
    }

    [Fact]
    public void Of_a_host_that_is_off_nothing_is_known()
    {
        var metrics = Needing(TimeFunction.Avg, 15);
        for (var minute = 0; minute <= 23; minute++) metrics.Add(new Measurement(H1, HostCpu, Some.Monday.AddMinutes(minute), minute));

        Assert.Equal("unknown: its host is off", Text(FactsAt(23, metrics, HostState.Off), TimeFunction.Avg, 15));
    }

    [Fact]
    public void A_forecast_shows_its_error_and_stays_within_what_can_be()
    {
        var metrics = Needing(TimeFunction.Forecast, 30);
        for (var minute = 0; minute <= 90; minute++) metrics.Add(new Measurement(H1, HostCpu, Some.Monday.AddMinutes(minute), Math.Min(99, minute * 1.1)));
        var reading = FactsAt(90, metrics).Read(H1, new Fact.OverTime(TimeFunction.Forecast, HostCpu, TimeSpan.FromMinutes(30)));

        Assert.Equal(100, reading.Value);
        Assert.NotNull(reading.Error);
        Assert.StartsWith("unknown: to forecast it takes 3 of the last 6 steps", Text(FactsAt(2, Few()), TimeFunction.Forecast, 30));

        static MetricWindows Few()
        {
            var few = Needing(TimeFunction.Forecast, 30);
            few.Add(new Measurement(H1, HostCpu, Some.Monday.AddMinutes(1), 50));
            return few;
        }
    }

    [Fact]
    public void What_follows_from_measurements_is_looked_back_on_too()
    {
        var policies = Policies(TimeFunction.Avg, ClusterCpu, 5);
        var needs = new MetricNeeds(policies, PolicyReads.Of(policies));
        var metrics = new MetricWindows();
        metrics.Need(needs);
        for (var minute = 0; minute <= 5; minute++)
        {
            metrics.Add(new Measurement(H1, HostCpu, Some.Monday.AddMinutes(minute), minute * 10));
            DerivedSamples.Keep(FactsAt(minute, metrics), needs, metrics);
        }

        Assert.Equal(30, FactsAt(5, metrics).Read(SubjectRef.Cluster("default"), new Fact.OverTime(TimeFunction.Avg, ClusterCpu, TimeSpan.FromMinutes(5))).Value);
    }

    [Fact]
    public void On_a_snapshot_everything_counts_as_if_it_had_always_been_so()
    {
        var metrics = new MetricWindows();
        metrics.Add(new Measurement(H1, HostCpu, Some.Monday, 42));
        var facts = new SiteFacts(Some.Monday, new Site([Some.Host("h1")], []), metrics, new Freshness(TimeSpan.FromMinutes(1)), ImmutableDictionary<SubjectRef, string>.Empty) { NoHistory = true };

        Assert.Equal(["42", "42", "0"], new[] { TimeFunction.Avg, TimeFunction.Forecast, TimeFunction.Rate }.Select(f => Text(facts, f, 15)));
    }

    private static string Read(TimeFunction function, int window, int at, Func<int, bool> measured)
    {
        var metrics = Needing(function, window);
        for (var minute = 0; minute <= at; minute++) if (measured(minute)) metrics.Add(new Measurement(H1, HostCpu, Some.Monday.AddMinutes(minute), minute));
        return Text(FactsAt(at, metrics), function, window);
    }

    private static string Text(SiteFacts facts, TimeFunction function, int window)
    {
        var reading = facts.Read(H1, new Fact.OverTime(function, HostCpu, TimeSpan.FromMinutes(window)));
        return reading.IsKnown ? Show.Value(reading.Value, Unit.Any) : $"unknown: {reading.UnknownBecause}";
    }

    private static SiteFacts FactsAt(int minute, MetricWindows metrics, HostState state = HostState.On) => new(
        Some.Monday.AddMinutes(minute), new Site([Some.Host("h1", state)], []), metrics, new Freshness(TimeSpan.FromMinutes(1)), ImmutableDictionary<SubjectRef, string>.Empty);

    private static MetricWindows Needing(TimeFunction function, int window)
    {
        var policies = Policies(function, HostCpu, window);
        var metrics = new MetricWindows();
        metrics.Need(new MetricNeeds(policies, PolicyReads.Of(policies)));
        return metrics;
    }

    private static PolicySet Policies(TimeFunction function, PolicyAttribute attribute, int window) => Some.Policies(Some.When("r", new Condition.Comparison(
        new Quantity.OverTime(function, attribute, TimeSpan.FromMinutes(window), Unit.Percent, "over"), ComparisonOperator.Greater, new Quantity.Constant(1, Unit.Percent, "1%"), "r"), TimeSpan.Zero));
}
