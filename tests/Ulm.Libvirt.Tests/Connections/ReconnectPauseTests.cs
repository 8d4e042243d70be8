using Ulm.Libvirt.Connections;

namespace Ulm.Libvirt.Tests.Connections;

public sealed class ReconnectPauseTests
{
    private readonly ReconnectPause _pause = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    [Fact]
    public void Failed_DoublesUpToTheLongest() =>
        Assert.Equal([1, 2, 4, 8, 10, 10], Enumerable.Range(0, 6).Select(_ => _pause.Failed().TotalSeconds));

    [Fact]
    public void Failed_ManyTimes_StaysAtTheLongest()
    {
        for (var i = 0; i < 5000; i++) _pause.Failed();

        Assert.Equal(10, _pause.Failed().TotalSeconds);
    }

    [Fact]
    public void Lost_AfterALongLife_StartsOver()
    {
        for (var i = 0; i < 5; i++) _pause.Failed();

        Assert.Equal(1, _pause.Lost(TimeSpan.FromSeconds(11)).TotalSeconds);
        Assert.Equal(2, _pause.Failed().TotalSeconds);
    }

    [Fact]
    public void Lost_DyingYoungAgainAndAgain_CountsAsFailing() =>
        Assert.Equal([1, 2, 4], Enumerable.Range(0, 3).Select(_ => _pause.Lost(TimeSpan.FromSeconds(1)).TotalSeconds));
}
