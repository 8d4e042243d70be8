using CsCheck;
using Ulm.Engine.Journal;

namespace Ulm.Engine.Tests.Journal;

public class LeaseTests
{
    private static readonly DateTimeOffset Noon = Some.Monday.AddHours(12);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    [Fact]
    public void Whoever_comes_first_has_it_and_renews_it()
    {
        var first = Lease.After(null, Wish("a"));
        var again = Lease.After(first, Wish("a", token: 1, seconds: 20));

        Assert.Equal(new Lease("site", "a", 1, Noon.AddSeconds(30)), first);
        Assert.Equal(new Lease("site", "a", 1, Noon.AddSeconds(50)), again);
    }

    [Theory]
    [InlineData(29, false)]
    [InlineData(30, true)]
    public void Another_has_it_once_he_saw_it_unrenewed_for_its_whole_length(double unrenewed, bool takes)
    {
        var after = Lease.After(new Lease("site", "a", 7, Noon.AddSeconds(30)), Wish("b", seconds: 31) with { Unrenewed = TimeSpan.FromSeconds(unrenewed) });

        Assert.Equal(takes ? ("b", 8) : ("a", 7), (after.Holder, after.Token));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(365 * 86_400)]
    public void A_clock_that_is_ahead_takes_nothing_away_from_one_who_renews(double secondsAhead) =>
        Assert.Equal("a", Lease.After(new Lease("site", "a", 7, Noon.AddSeconds(30)), Wish("b", seconds: secondsAhead)).Holder);

    [Fact]
    public void What_was_given_back_is_free_and_what_a_process_of_this_machine_had_that_is_gone()
    {
        var given = Lease.After(new Lease("site", "a", 7, Noon), Wish("a", token: 7) with { GivesBack = true });

        Assert.Equal(("", 7), (given.Holder, given.Token));
        Assert.Equal(("b", 8), (Lease.After(given, Wish("b")).Holder, Lease.After(given, Wish("b")).Token));
        Assert.Equal("node1:2", Lease.After(new Lease("site", "node1:1", 7, Noon.AddSeconds(30)), Wish("node1:2") with { GoneWith = "node1:" }).Holder);
        Assert.Equal("node2:1", Lease.After(new Lease("site", "node2:1", 7, Noon.AddSeconds(30)), Wish("node1:2") with { GoneWith = "node1:" }).Holder);
    }

    /// <summary>However servers ask, with whatever clocks: its number never falls, and a new holder always has a new one.</summary>
    [Fact]
    public void The_number_grows_whenever_it_changes_hands() => Gen.Select(Gen.Int[0, 3], Gen.Int[-1000, 1000], Gen.Int[0, 60], Gen.Bool).Array[1, 60].Check(1000, asks =>
    {
        Lease? lease = null;
        var tokens = new Dictionary<int, long>();
        foreach (var (who, seconds, unrenewed, givesBack) in asks)
        {
            var before = lease;
            lease = Lease.After(lease, Wish($"s{who}", tokens.TryGetValue(who, out var token) ? token : null, seconds) with { Unrenewed = TimeSpan.FromSeconds(unrenewed), GivesBack = givesBack });
            if (lease.Holder == $"s{who}") tokens[who] = lease.Token;
            if (before is null) continue;
            Assert.True(lease.Token >= before.Token);
            if (lease.Holder.Length > 0 && lease.Holder != before.Holder) Assert.Equal(before.Token + 1, lease.Token);
        }
    });

    [Fact]
    public void A_fence_of_another_time_is_refused()
    {
        var lease = new Lease("site", "b", 8, Noon);

        Lease.Guard(lease, new Fence("site", 8));
        Lease.Guard(lease, null);
        Assert.Contains("another server acts on this site: b", Assert.Throws<LeaseLostException>(() => Lease.Guard(lease, new Fence("site", 7))).Message);
        Assert.Throws<LeaseLostException>(() => Lease.Guard(null, new Fence("site", 1)));
    }

    private static LeaseWish Wish(string holder, long? token = null, double seconds = 0) => new("site", holder, token, Noon.AddSeconds(seconds), Length);
}
