using Ulm.Libvirt.Migration;

namespace Ulm.Libvirt.Tests.Migration;

public sealed class StallWatchTests
{
    [Theory]
    [InlineData("100 90 80 70 60 50", -1)]        // always something gained
    [InlineData("100 90 90 90 90 90", 5)]         // last gain at 1, patience of 3: stalled when more than 3 have passed
    [InlineData("100 90 95 99 95 89", -1)]        // a new low just in time
    [InlineData("100 90 120 110 100 95 89", 5)]   // going down, but not below the low
    [InlineData("0 0 0 0 0", 4)]
    public void Observe_StallsWhenTheLowStandsTooLong(string lefts, int stalledAt)
    {
        var watch = new StallWatch(TimeSpan.FromSeconds(3));
        var stalls = lefts.Split(' ').Select((left, second) => watch.Observe(long.Parse(left), TimeSpan.FromSeconds(second))).ToList();

        Assert.Equal(stalledAt, stalls.IndexOf(true));
    }

    [Fact]
    public void Observe_WithoutFigures_StallsFromTheStart()
    {
        var watch = new StallWatch(TimeSpan.FromSeconds(3));

        Assert.False(watch.Observe(long.MaxValue, TimeSpan.FromSeconds(3)));
        Assert.True(watch.Observe(long.MaxValue, TimeSpan.FromSeconds(3.1)));
    }

    [Fact]
    public void Observe_WithoutPatienceSet_NeverStalls()
    {
        var watch = new StallWatch(null);

        Assert.False(watch.Observe(100, TimeSpan.Zero));
        Assert.False(watch.Observe(100, TimeSpan.FromDays(1)));
    }
}
