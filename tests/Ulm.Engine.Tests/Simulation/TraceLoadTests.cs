using Ulm.Engine.Simulation;

namespace Ulm.Engine.Tests.Simulation;

public class TraceLoadTests
{
    private static readonly TraceLoad Load = new(
        Some.Monday, TimeSpan.FromMinutes(5), new Dictionary<string, double[]> { ["a"] = [10, double.NaN, 30], ["empty"] = [] }, new ConstantLoad(new Dictionary<string, double> { ["b"] = 7, ["empty"] = 8 }));

    [Theory]
    [InlineData("a", 0, 10.0)]
    [InlineData("a", 4.99, 10.0)]
    [InlineData("a", 5, null)]
    [InlineData("a", 10, 30.0)]
    [InlineData("a", 14.99, 30.0)]
    [InlineData("a", 15, 10.0)]
    [InlineData("a", 3 * 24 * 60, 10.0)]
    [InlineData("a", -0.5, 30.0)]
    [InlineData("a", -5, 30.0)]
    [InlineData("a", -5.5, null)]
    [InlineData("a", -15, 10.0)]
    [InlineData("b", 5, 7.0)]
    [InlineData("empty", 5, 8.0)]
    public void A_value_holds_until_the_next_and_the_trace_starts_again(string vm, double minute, double? percent) =>
        Assert.Equal(percent, Load.CpuPercent(vm, Some.Monday.AddMinutes(minute)));

    [Fact]
    public void A_daily_load_is_the_same_for_the_same_seed_and_stays_within_bounds()
    {
        for (var minute = 0; minute < 7 * 24 * 60; minute += 7)
        {
            var at = Some.Monday.AddMinutes(minute);
            var percent = new DailyLoad(3).CpuPercent("web", at);
            Assert.Equal(percent, new DailyLoad(3).CpuPercent("web", at));
            Assert.InRange(percent!.Value, 0, 100);
        }

        Assert.NotEqual(new DailyLoad(3).CpuPercent("web", Some.Monday.AddHours(12)), new DailyLoad(4).CpuPercent("web", Some.Monday.AddHours(12)));
    }
}
