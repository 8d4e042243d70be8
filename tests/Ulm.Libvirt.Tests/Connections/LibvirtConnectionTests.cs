using System.Collections.Concurrent;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Connections;

public sealed class LibvirtConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAndClose_AreToldInOrder()
    {
        using var node = new TestNode();
        var connection = node.Connect();
        var states = new ConcurrentQueue<ConnectionStateChange>();
        using var subscription = connection.SubscribeState(states.Enqueue);
        Assert.Equal(ConnectionState.Disconnected, connection.State);

        await connection.GetHostInfoAsync(Token);
        Assert.Equal(ConnectionState.Connected, connection.State);
        await connection.DisposeAsync();
        await connection.DisposeAsync();
        await Wait.Until(() => states.Count == 2, "both changes");

        Assert.Equal([(ConnectionState.Connected, ""), (ConnectionState.Disconnected, "closed")], states.Select(one => (one.State, one.Reason)));
    }

    [Fact]
    public async Task Disposed_RefusesCalls()
    {
        using var node = new TestNode();
        var connection = node.Connect();
        await connection.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection.GetHostInfoAsync(Token));
    }

    [Fact]
    public async Task DisposedDuringUse_EachCallEndsWellOrTyped()
    {
        for (var round = 0; round < 20; round++)
        {
            using var node = new TestNode();
            var connection = node.Connect();
            await connection.ListDomainsAsync(Token);
            var calls = Enumerable.Range(0, 40).Select(_ => Outcome(connection)).ToArray();
            await connection.DisposeAsync();
            await Task.WhenAll(calls);
        }

        static async Task Outcome(LibvirtConnection connection)
        {
            try
            {
                Assert.Equal(2, (await connection.GetAllDomainStatsAsync(Token)).Count);
            }
            catch (ObjectDisposedException)
            {
            }
        }
    }

    [Fact]
    public async Task TwoHundredCallsAtOnce_AllAnswer()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();

        var counts = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i => i % 2 == 0
            ? (await connection.ListDomainsAsync(Token)).Count
            : (await connection.GetAllDomainStatsAsync(Token)).Count));

        Assert.All(counts, count => Assert.Equal(2, count));
    }

    [Fact]
    public async Task CancelledBeforeItBegan_IsNotSent()
    {
        using var node = new TestNode();
        await using var connection = node.Connect();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.DestroyAsync(TestNode.Busy, cancelled.Token));

        Assert.Equal(DomainState.Running, await connection.GetDomainStateAsync(TestNode.Busy, Token));
    }

    [Fact]
    public async Task AfterAFailedOpen_CallsWithinThePauseFailAtOnceAndSayWhen()
    {
        await using var connection = new LibvirtConnection(
            new LibvirtConnectionOptions
            {
                Uri = "test:///no/such/file.xml",
                FirstReconnectPause = TimeSpan.FromSeconds(30),
                MaxReconnectPause = TimeSpan.FromSeconds(30),
            },
            TimeProvider.System);
        var first = await Assert.ThrowsAsync<LibvirtException>(() => connection.GetHostInfoAsync(Token));

        var second = await Assert.ThrowsAsync<LibvirtException>(() => connection.GetHostInfoAsync(Token));

        Assert.Equal((first.Code, first.Domain, true), (second.Code, second.Domain, second.ConnectionFailed));
        Assert.StartsWith(first.Words, second.Words);
        Assert.Contains("the next attempt is due in", second.Words);
    }

    [Fact]
    public async Task OpenedOnceAvailable_WithoutAskingTwice_WhileSomeoneListens()
    {
        var node = new TestNode();
        node.Dispose();   // the file is gone: the host is down
        await using var connection = new LibvirtConnection(
            new LibvirtConnectionOptions { Uri = node.Uri, FirstReconnectPause = TimeSpan.FromMilliseconds(20) }, TimeProvider.System);
        var heard = new ConcurrentQueue<LifecycleKind>();
        var states = new ConcurrentQueue<ConnectionState>();
        using var state = connection.SubscribeState(one => states.Enqueue(one.State));
        using var lifecycle = connection.SubscribeLifecycle(one => heard.Enqueue(one.Kind));
        await Wait.Until(() => states.Contains(ConnectionState.Disconnected), "a failed attempt");
        Assert.Empty(heard);

        node.Write();
        await Wait.Until(() => heard.Contains(LifecycleKind.Resync), "the Resync of the first success");
        node.Dispose();

        Assert.Equal(ConnectionState.Connected, connection.State);
    }

    [Fact]
    public async Task ManyCallsAndConnections_LeaveMemorySteady()
    {
        using var node = new TestNode();
        await Use(node, 300);
        var before = Resident.Bytes();

        await Use(node, 3000);

        // 3000 rounds; a leak of one description or stats record each would come to well over this.
        Assert.InRange(Resident.Bytes() - before, long.MinValue, 24L << 20);

        static async Task Use(TestNode node, int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                await using var connection = node.Connect();
                for (var n = 0; n < 3; n++)
                {
                    await connection.GetDomainXmlAsync(TestNode.Busy, false, Token);
                    await connection.GetCapabilitiesXmlAsync(Token);
                    await connection.GetAllDomainStatsAsync(Token);
                    await connection.ListDomainsAsync(Token);
                    await Assert.ThrowsAsync<LibvirtException>(() => connection.GetJobAsync(TestNode.Busy, Token));
                }
            }
        }
    }
}
