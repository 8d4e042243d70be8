using Ulm.Engine.Facts;

namespace Ulm.Engine.Tests.Facts;

public class ActionHistoryTests
{
    /// <summary>Its BMC may carry the order out late, whatever else was ordered of the host since.</summary>
    [Theory]
    [InlineData(BegunKind.Close, true)]
    [InlineData(BegunKind.PowerOn, false)]
    public void A_host_that_was_told_to_go_may_go_until_it_is_told_to_come(BegunKind since, bool mayGo)
    {
        var history = new ActionHistory();
        history.Add(new BegunAction(Some.Monday, BegunKind.PowerOff, "h1", "h1", "night"));
        history.Add(new BegunAction(Some.Monday.AddMinutes(1), since, "h1", "h1", "manual: drain host h1"));

        Assert.Equal(mayGo, history.SwitchedOffLastSince(Some.Monday.AddMinutes(-10)).Contains("h1"));
    }

    /// <summary>A server runs for years, and VMs and orders by hand are new ones every day.</summary>
    [Fact]
    public void What_nothing_counts_any_more_is_forgotten()
    {
        var history = new ActionHistory();
        for (var hour = 0; hour < 24 * 365; hour++) history.Add(new BegunAction(Some.Monday.AddHours(hour), BegunKind.Move, $"vm{hour}", "h1", $"manual: {hour}"));

        Assert.InRange(history.MovesSince(DateTimeOffset.MinValue), 24 * 31, 24 * 31 + 1024);
        Assert.Null(history.LastMoveOf("vm0"));
        Assert.Empty(history.HostsOf("manual: 0", DateTimeOffset.MinValue));
        Assert.NotNull(history.LastMoveOf($"vm{24 * (365 - 30)}"));
    }
}
