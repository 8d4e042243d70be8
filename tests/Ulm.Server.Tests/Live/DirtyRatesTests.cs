using Ulm.Libvirt;
using Ulm.Server.Live;

namespace Ulm.Server.Tests.Live;

public sealed class DirtyRatesTests
{
    [Fact]
    public void Each_guest_is_measured_once_within_ten_polls_and_never_all_at_once()
    {
        var (rates, begun) = (new DirtyRates(), new List<Guid>());
        var guests = Enumerable.Range(1, 25).Select(i => Guest(i)).ToArray();

        for (var poll = 1; poll <= 10; poll++)
        {
            var before = begun.Count;
            rates.Learn("h1", Poll(guests), Begin);
            Assert.InRange(begun.Count - before, 1, 3);
        }

        Assert.Equal(guests.Select(g => g.Uuid).Order(), begun.Distinct().Order());

        Task Begin(Guid guest)
        {
            begun.Add(guest);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void What_was_measured_is_kept_while_the_next_measurement_runs_and_on_another_host()
    {
        var rates = new DirtyRates();
        Assert.Null(rates.Find(Guest(1).Uuid));

        rates.Learn("h1", Poll(Guest(1) with { DirtyBytesPerSecond = 40 << 20 }), Nothing);
        rates.Learn("h1", Poll(Guest(1)), Nothing);
        rates.Learn("h2", Poll(Guest(1)), Nothing);
        Assert.Equal(40 << 20, rates.Find(Guest(1).Uuid));

        rates.Learn("h2", Poll(Guest(1) with { DirtyBytesPerSecond = 0 }), Nothing);
        Assert.Equal(0, rates.Find(Guest(1).Uuid));
        rates.Keep(_ => false);
        Assert.Null(rates.Find(Guest(1).Uuid));
    }

    [Fact]
    public void A_measurement_that_hangs_keeps_its_host_from_more_and_no_other_one()
    {
        var (rates, begun, hangs) = (new DirtyRates(), new List<string>(), new TaskCompletionSource());
        for (var poll = 0; poll < 3; poll++)
        {
            rates.Learn("h1", Poll(Guest(1)), _ => Told("h1", hangs.Task));
            rates.Learn("h2", Poll(Guest(2)), _ => Told("h2", Task.CompletedTask));
        }

        Assert.Equal(["h1", "h2", "h2", "h2"], begun.Order());

        Task Told(string host, Task then)
        {
            begun.Add(host);
            return then;
        }
    }

    [Fact]
    public void A_guest_that_does_not_run_is_not_measured()
    {
        var rates = new DirtyRates();
        rates.Learn("h1", Poll(Guest(1) with { State = DomainState.Paused }, Guest(2) with { State = DomainState.ShutOff }), _ => throw new InvalidOperationException("measured"));
        Assert.Null(rates.CannotBecause("h1"));
    }

    /// <summary>libvirt's test driver has no dirty rates: a real host that can't.</summary>
    [Fact]
    public async Task A_host_that_cannot_is_asked_once_until_it_was_away()
    {
        await using var libvirt = new LibvirtConnection(new LibvirtConnectionOptions { Uri = "test:///default" }, TimeProvider.System);
        var guest = Assert.Single(await libvirt.ListDomainsAsync(TestContext.Current.CancellationToken));
        var (rates, asked) = (new DirtyRates(), new List<Task>());
        var poll = Poll(Guest(1) with { Uuid = guest.Uuid });

        rates.Learn("h1", poll, Begin);
        await Assert.ThrowsAsync<LibvirtException>(() => asked[0]);
        while (rates.CannotBecause("h1") is null) await Task.Yield();
        Assert.Contains("not supported", rates.CannotBecause("h1"));
        rates.Learn("h1", poll, Begin);
        Assert.True(asked is [_]);

        rates.Forget("h1");
        rates.Learn("h1", poll, Begin);
        Assert.Equal(2, asked.Count);

        Task Begin(Guid uuid)
        {
            asked.Add(libvirt.StartDirtyRateAsync(uuid, TestContext.Current.CancellationToken));
            return asked[^1];
        }
    }

    private static Task Nothing(Guid guest) => Task.CompletedTask;

    private static HypervisorPoll Poll(params DomainStats[] guests) => new(null, null, [.. guests], null);

    private static DomainStats Guest(int number) => new(
        $"vm{number}", new Guid(number, 0, 0, new byte[8]), DomainState.Running, DateTimeOffset.UnixEpoch, null, 1, 1, null, null, null, null, null, null, null, null, null);
}
