using System.Collections.Concurrent;
using Ulm.Libvirt.Connections;
using Ulm.Libvirt.Native;
using Ulm.Libvirt.Tests.Support;

namespace Ulm.Libvirt.Tests.Connections;

/// <summary>Connections that break while in use, over TCP through libvirt's real client.</summary>
public sealed class ReconnectTests : IAsyncDisposable
{
    private readonly FakeLibvirtd _host = new();
    private readonly LibvirtConnection _connection;
    private readonly ConcurrentQueue<ConnectionStateChange> _states = new();

    public ReconnectTests()
    {
        _connection = new LibvirtConnection(
            new LibvirtConnectionOptions
            {
                Uri = _host.Uri,
                KeepAliveInterval = TimeSpan.FromSeconds(2),
                KeepAliveCount = 1,
                CallTimeout = TimeSpan.FromSeconds(2),
                FirstReconnectPause = TimeSpan.FromMilliseconds(50),
            },
            TimeProvider.System);
        _connection.SubscribeState(_states.Enqueue);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _host.Dispose();
    }

    [Fact]
    public async Task HungUpOn_TheNextCallAfterThePauseOpensAgain()
    {
        Assert.Empty(await _connection.ListDomainsAsync(Token));

        _host.HangUp();
        await Wait.Until(() => _connection.State == ConnectionState.Disconnected, "the end to be noticed");
        await Wait.Until(() => Lists().GetAwaiter().GetResult(), "the host to be asked again");

        Assert.Equal(2, _host.Callers);
        await Wait.Until(() => _states.Count >= 3, "three changes to be told");
        Assert.Equal(
            [ConnectionState.Connected, ConnectionState.Disconnected, ConnectionState.Connected], _states.Select(change => change.State).Take(3));
        Assert.NotEmpty(_states.ElementAt(1).Reason);
    }

    [Fact]
    public async Task HungUpOn_SubscribersGetAResyncAndThenEventsAgain()
    {
        var heard = new ConcurrentQueue<DomainLifecycleEvent>();
        using var subscription = _connection.SubscribeLifecycle(heard.Enqueue);
        await Wait.Until(() => heard.Count == 1, "the first Resync");
        _host.SendLifecycle("vm-7", TestNode.Busy, kind: 5, detail: 3);
        await Wait.Until(() => heard.Count == 2, "the first event");

        _host.HangUp();
        await Wait.Until(() => heard.Count == 3, "the second Resync, though nobody called");
        _host.SendLifecycle("vm-7", TestNode.Busy, kind: 2, detail: 1);
        await Wait.Until(() => heard.Count == 4, "the second event");

        Assert.Equal(
            [LifecycleKind.Resync, LifecycleKind.Stopped, LifecycleKind.Resync, LifecycleKind.Started], heard.Select(one => one.Kind));
        Assert.Equal((TestNode.Busy, "vm-7", true), (heard.Last().Uuid, heard.Last().Name, heard.Last().IsMigration));
    }

    /// <summary>Whoever had found the connection, and got his turn on it after it was lost and closed, is told so as any other.</summary>
    [Fact]
    public async Task LostBeforeItsTurn_ACallFailsAsOnABrokenConnection()
    {
        var session = await Task.Run(() => Session.OpenAside(new LibvirtConnectionOptions { Uri = _host.Uri }), Token);
        session.Close();

        var error = Assert.Throws<LibvirtException>(() => session.Judge(conn => LibvirtApi.virConnectIsAlive(conn)));
        Assert.True(error.ConnectionFailed);
    }

    [Fact]
    public async Task FallenSilent_KeepAliveEndsTheStuckCallAndTheConnection()
    {
        await _connection.ListDomainsAsync(Token);
        _host.Silent = true;

        var error = await Assert.ThrowsAsync<LibvirtTimeoutException>(() => _connection.ListDomainsAsync(Token));
        Assert.True(error.Sent);
        await Wait.Until(() => _connection.State == ConnectionState.Disconnected, "keepalive to give up");
        _host.Silent = false;
        await Wait.Until(() => Lists().GetAwaiter().GetResult(), "the host to be asked again");

        await Wait.Until(() => _states.Count >= 2, "both changes to be told");
        Assert.Contains("keepalive", _states.ElementAt(1).Reason);
    }

    [Fact]
    public async Task FallenSilentWhileIdle_KeepAliveNoticesWithoutACall()
    {
        await _connection.ListDomainsAsync(Token);
        _host.Silent = true;

        await Wait.Until(() => _connection.State == ConnectionState.Disconnected, "keepalive to give up");

        await Wait.Until(() => _states.Count >= 2, "both changes to be told");
        Assert.Contains("keepalive", _states.ElementAt(1).Reason);
    }

    [Fact]
    public async Task ManyCallersWhenTheHostFallsSilent_AllAreFreed_AndTheConnectionRecovers()
    {
        await _connection.ListDomainsAsync(Token);
        _host.Silent = true;
        var calls = Enumerable.Range(0, 50).Select(_ => _connection.ListDomainsAsync(Token)).ToArray();

        foreach (var call in calls) await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(Wait.Limit, Token));
        Assert.All(calls, call => Assert.True(call.Exception?.InnerException is LibvirtTimeoutException or LibvirtException));
        await Wait.Until(() => _connection.State == ConnectionState.Disconnected, "keepalive to give up");
        _host.Silent = false;

        await Wait.Until(() => Lists().GetAwaiter().GetResult(), "the host to be asked again");
    }

    [Fact]
    public async Task HungUpOnDuringACall_SaysThatTheConnectionFailed()
    {
        await _connection.ListDomainsAsync(Token);
        _host.Silent = true;
        var before = _host.Calls;
        var call = _connection.ListDomainsAsync(Token);
        await Wait.Until(() => _host.Calls > before, "the call to arrive");
        _host.HangUp();

        var error = await Assert.ThrowsAsync<LibvirtException>(() => call);

        Assert.True(error.ConnectionFailed, error.Message);
        Assert.StartsWith("virConnect", error.Call);
    }

    [Fact]
    public async Task ManyBrokenConnections_AreFreedWithTheirDescriptors()
    {
        await BreakMany(20);
        var before = OpenDescriptors();

        await BreakMany(250);

        // A native connection that is never freed keeps a descriptor. Other tests open some meanwhile.
        Assert.InRange(OpenDescriptors() - before, int.MinValue, 125);

        static int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Length;

        async Task BreakMany(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                using var host = new FakeLibvirtd();
                await using var connection = new LibvirtConnection(new LibvirtConnectionOptions { Uri = host.Uri }, TimeProvider.System);
                await connection.ListDomainsAsync(Token);
                host.HangUp();
                await Wait.Until(() => connection.State == ConnectionState.Disconnected, "the end to be noticed");
            }
        }
    }

    private async Task<bool> Lists()
    {
        try
        {
            return (await _connection.ListDomainsAsync(Token)).Count == 0;
        }
        catch (Exception e) when (e is LibvirtException or LibvirtTimeoutException)
        {
            return false;
        }
    }
}
