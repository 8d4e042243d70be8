using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;
using Ulm.Engine.Rules;
using static Ulm.Dsl.Policies.PolicyAttribute;

namespace Ulm.Engine.Tests.Metrics;

public class MetricWindowsTests
{
    private static readonly SubjectRef H1 = SubjectRef.Host("h1");
    private static readonly PolicyAttribute Fan = Munin(SubjectKind.Host, "sensors_fan.fan1");

    [Fact]
    public void Of_what_no_rule_looks_back_on_only_the_latest_sample_is_kept()
    {
        var metrics = Filled(Some.Policies(Some.When("r", Some.Above(HostCpu, 75), TimeSpan.Zero)), HostCpu, 20);

        Assert.Null(metrics.Window(H1, HostCpu));
        Assert.Equal(19, metrics.Latest(H1, HostCpu)!.Value.Value);
    }

    [Fact]
    public void A_field_of_munin_that_nothing_reads_is_not_kept_at_all()
    {
        Assert.Null(Filled(PolicySet.Empty, Fan, 20).Latest(H1, Fan));
        Assert.NotNull(Filled(Some.Policies(Some.When("r", Some.Above(Fan, 900), TimeSpan.Zero)), Fan, 20).Latest(H1, Fan));
    }

    [Fact]
    public void As_much_is_kept_as_the_longest_window_needs()
    {
        var metrics = Filled(Policies(Over(TimeFunction.Avg, HostCpu, 5), Over(TimeFunction.Max, HostCpu, 30)), HostCpu, 100);

        Assert.Equal(30, metrics.Window(H1, HostCpu)!.Count);
    }

    /// <summary>By the new time it is younger than it is, also where it bears no time that is still to come.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(25)]
    public void When_the_clock_was_set_back_by_long_nothing_is_looked_back_on(int minute)
    {
        var metrics = Filled(Policies(Over(TimeFunction.Avg, HostCpu, 30)), HostCpu, 20);
        metrics.StartAnew(Some.Monday.AddMinutes(minute));
        Assert.Null(metrics.Window(H1, HostCpu));

        metrics.Add(new(H1, HostCpu, Some.Monday.AddMinutes(minute + 1), 7));

        Assert.Equal(7, metrics.Latest(H1, HostCpu)!.Value.Value);
        Assert.Equal(1, metrics.Window(H1, HostCpu)!.Count);
    }

    [Fact]
    public void New_policies_change_what_is_kept_and_take_nothing_away_that_is_still_needed()
    {
        var metrics = Filled(Policies(Over(TimeFunction.Avg, HostCpu, 30)), HostCpu, 100);
        Need(metrics, Policies(Over(TimeFunction.Avg, HostCpu, 10)));
        metrics.Add(new Measurement(H1, HostCpu, Some.Monday.AddMinutes(100), 100));
        Assert.Equal(10, metrics.Window(H1, HostCpu)!.Count);

        Need(metrics, PolicySet.Empty);
        Assert.Null(metrics.Window(H1, HostCpu));
        Assert.Equal(100, metrics.Latest(H1, HostCpu)!.Value.Value);
    }

    [Fact]
    public void A_subject_that_is_gone_is_forgotten()
    {
        var metrics = Filled(Policies(Over(TimeFunction.Avg, HostCpu, 30), Over(TimeFunction.Forecast, HostCpu, 30)), HostCpu, 100);
        metrics.Forget(H1);

        Assert.Null(metrics.Latest(H1, HostCpu));
        Assert.Null(metrics.Window(H1, HostCpu));
        Assert.Null(metrics.Forecaster(H1, HostCpu));
    }

    private static MetricWindows Filled(PolicySet policies, PolicyAttribute attribute, int minutes)
    {
        var metrics = new MetricWindows();
        Need(metrics, policies);
        for (var minute = 0; minute < minutes; minute++) metrics.Add(new Measurement(H1, attribute, Some.Monday.AddMinutes(minute), minute));
        return metrics;
    }

    private static void Need(MetricWindows metrics, PolicySet policies) => metrics.Need(new MetricNeeds(policies, PolicyReads.Of(policies)));

    private static PolicySet Policies(params Quantity[] quantities) => Some.Policies([.. quantities.Select((q, i) => Some.When(
        $"r{i}", new Condition.Comparison(q, ComparisonOperator.Greater, new Quantity.Constant(1, Unit.Percent, "1%"), "compared"), TimeSpan.Zero))]);

    private static Quantity Over(TimeFunction function, PolicyAttribute attribute, int minutes) =>
        new Quantity.OverTime(function, attribute, TimeSpan.FromMinutes(minutes), attribute.Unit, "over");
}
