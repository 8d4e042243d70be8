using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Connections;

/// <summary>Hosts that hang while they are being connected to; time is the test's.</summary>
public sealed class HungHostTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_OfAHungHost_FreesTheCallerInTime_AndLaterOnesAtOnce()
    {
        using var host = new SilentHost();
        await using var connection = Connect(host);
        var call = connection.GetHostInfoAsync(Token);
        await Wait.Until(() => host.Callers == 1, "the attempt");
        _time.Advance(TimeSpan.FromSeconds(10));

        var first = await Assert.ThrowsAsync<LibvirtTimeoutException>(() => call);
        _time.Advance(TimeSpan.FromSeconds(1));
        var second = await Assert.ThrowsAsync<LibvirtTimeoutException>(() => connection.ListDomainsAsync(Token));

        Assert.Equal(("virConnectOpen", host.Uri, false, TimeSpan.FromSeconds(10)), (first.Call, first.Uri, first.Sent, first.Waited));
        Assert.Equal(TimeSpan.Zero, second.Waited);
        Assert.Contains("has had no answer for 11 s", second.Message);
        Assert.Equal(1, host.Callers);
    }

    [Fact]
    public async Task Open_OfAHungHost_HoldsUpNoOther()
    {
        using var host = new SilentHost();
        await using var hung = Connect(host);
        var call = hung.GetHostInfoAsync(Token);
        await Wait.Until(() => host.Callers == 1, "the attempt");
        using var node = new TestNode();
        await using var other = node.Connect();

        Assert.Equal(8, (await other.GetHostInfoAsync(Token).WaitAsync(Wait.Limit, Token)).Cpus);

        Assert.False(call.IsCompleted);
        host.HangUp();
        Assert.True((await Assert.ThrowsAsync<LibvirtException>(() => call)).ConnectionFailed);
    }

    [Fact]
    public async Task Open_CancelledByTheCaller_FreesItAtOnce()
    {
        using var host = new SilentHost();
        await using var connection = Connect(host);
        using var cancel = new CancellationTokenSource();
        var call = connection.GetHostInfoAsync(cancel.Token);
        await Wait.Until(() => host.Callers == 1, "the attempt");
        cancel.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Open_HangingForLong_IsLeftToItselfAndBegunAnew_EachTimeWithMorePatience()
    {
        using var host = new SilentHost();
        await using var connection = Connect(host);
        using var listener = connection.SubscribeLifecycle(_ => { });
        await Wait.Until(() => host.Callers == 1, "the first attempt");

        _time.Advance(TimeSpan.FromSeconds(20));
        await Wait.Until(() => host.Callers == 2, "a second one after twice the call timeout");
        _time.Advance(TimeSpan.FromSeconds(30));
        await Task.Delay(50, Token);
        Assert.Equal(2, host.Callers);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Wait.Until(() => host.Callers == 3, "a third one after four times");
    }

    [Fact]
    public async Task Open_HungUpOn_IsToldAsDisconnectedAndTriedAgainAfterThePause()
    {
        using var host = new SilentHost();
        await using var connection = Connect(host);
        var states = new ConcurrentQueue<ConnectionStateChange>();
        using var state = connection.SubscribeState(states.Enqueue);
        using var listener = connection.SubscribeLifecycle(_ => { });
        await Wait.Until(() => host.Callers == 1, "the first attempt");

        host.HangUp();
        await Wait.Until(() => !states.IsEmpty, "the failure");
        Assert.Equal(1, host.Callers);
        _time.Advance(TimeSpan.FromMilliseconds(500));

        await Wait.Until(() => host.Callers == 2, "the second attempt");
        Assert.Equal(ConnectionState.Disconnected, states.First().State);
        Assert.NotEmpty(states.First().Reason);
    }

    [Fact]
    public async Task Dispose_WhileOpening_DoesNotWaitForTheHost()
    {
        using var host = new SilentHost();
        var connection = Connect(host);
        var call = connection.GetHostInfoAsync(Token);
        await Wait.Until(() => host.Callers == 1, "the attempt");

        await connection.DisposeAsync().AsTask().WaitAsync(Wait.Limit, Token);

        host.HangUp();
        await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(Wait.Limit, Token));
        Assert.True(call.IsFaulted);
    }

    private LibvirtConnection Connect(SilentHost host) => new(new LibvirtConnectionOptions { Uri = host.Uri }, _time);
}
