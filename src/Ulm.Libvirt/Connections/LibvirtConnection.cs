using System.Collections.Immutable;
using Ulm.Libvirt.Calls;
using Ulm.Libvirt.Connections;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt;

/// <summary>
/// A connection to one hypervisor that stays usable: opened by its first use, watched by keepalive, opened again after it broke.
/// </summary>
/// <remarks>
/// Thread-safe. Nothing blocks its caller: libvirt's functions run on threads of their own. Every call may throw
/// <see cref="LibvirtException"/> (libvirt refused or failed), <see cref="LibvirtTimeoutException"/> (no answer in time, or an earlier call
/// is stuck and this one was not sent), <see cref="LibvirtUnavailableException"/> (no libvirt on this machine),
/// <see cref="OperationCanceledException"/> and <see cref="ObjectDisposedException"/>. A caller that gives up waiting does not
/// take the call back. Calls on one connection take turns (calls on several run side by side), migrations apart, which open connections of
/// their own. After a failure to connect, calls within a growing pause fail at once with the same reason.
/// </remarks>
public sealed partial class LibvirtConnection : IAsyncDisposable
{
    private readonly LibvirtConnectionOptions _options;
    private readonly TimeProvider _time;
    private readonly CallGate _gate;
    private readonly SessionKeeper _keeper;
    private ImmutableList<SerialDispatcher<DomainLifecycleEvent>> _lifecycle = [];
    private ImmutableList<SerialDispatcher<ConnectionStateChange>> _states = [];

    /// <summary>Prepares a connection; opens nothing yet.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public LibvirtConnection(LibvirtConnectionOptions options, TimeProvider time)
    {
        options.Validate();
        (_options, _time) = (options, time);
        _gate = new CallGate(options.Uri, time);
        _keeper = new SessionKeeper(options, time, _gate, () => !_lifecycle.IsEmpty, OnState, OnEvent);
    }

    /// <summary>libvirt's URI of the hypervisor.</summary>
    public string Uri => _options.Uri;

    /// <summary>Whether it is open now.</summary>
    public ConnectionState State => _keeper.IsConnected ? ConnectionState.Connected : ConnectionState.Disconnected;

    /// <summary>
    /// Tells of every domain's life on this host (<c>virConnectDomainEventRegisterAny</c>), in order, one at a time, on the thread pool. As
    /// long as anyone subscribes, the connection opens and reopens by itself; each time it does, a <see cref="LifecycleKind.Resync"/> comes
    /// first. A subscriber 4096 events behind loses some and gets a Resync. Disposing the result ends it.
    /// </summary>
    public IDisposable SubscribeLifecycle(Action<DomainLifecycleEvent> subscriber)
    {
        var subscription = Subscribe(ref _lifecycle, subscriber, () => DomainLifecycleEvent.Resync(_time.GetUtcNow()));
        _keeper.Open();
        return subscription;
    }

    /// <summary>Tells when the connection comes up, goes down or can't be opened, in order, one at a time, on the thread pool.</summary>
    public IDisposable SubscribeState(Action<ConnectionStateChange> subscriber) =>
        Subscribe(ref _states, subscriber, () => new ConnectionStateChange(State, "changes were lost", _time.GetUtcNow()));

    /// <summary>
    /// Closes. Calls under way end by themselves; a migration under way goes on, and its <see cref="MigrateAsync"/> with it. Waits for the
    /// host no longer than <see cref="LibvirtConnectionOptions.CallTimeout"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync().ConfigureAwait(false);
        foreach (var subscription in Interlocked.Exchange(ref _lifecycle, [])) subscription.Dispose();
        foreach (var subscription in Interlocked.Exchange(ref _states, [])) subscription.Complete();
    }

    private async Task<T> CallAsync<T>(string call, TimeSpan timeout, Func<ConnectHandle, T> native, CancellationToken cancellationToken)
    {
        var session = await _keeper.GetAsync(cancellationToken).ConfigureAwait(false);
        return await _gate.RunAsync(call, timeout, () => session.Judge(native), cancellationToken).ConfigureAwait(false);
    }

    private Task<T> ReadAsync<T>(string call, Func<ConnectHandle, T> native, CancellationToken cancellationToken) =>
        CallAsync(call, _options.CallTimeout, native, cancellationToken);

    // Called under the keeper's lock, so that states and Resyncs keep their order. Only queues.
    private void OnState(ConnectionState state, string reason)
    {
        var at = _time.GetUtcNow();
        foreach (var subscriber in _states) subscriber.Post(new ConnectionStateChange(state, reason, at));
        if (state == ConnectionState.Connected)
            foreach (var subscriber in _lifecycle) subscriber.Post(DomainLifecycleEvent.Resync(at));
    }

    private void OnEvent(LifecycleKind kind, Guid uuid, string name, int detail)
    {
        var happened = new DomainLifecycleEvent(kind, uuid, name, detail, _time.GetUtcNow());
        foreach (var subscriber in _lifecycle) subscriber.Post(happened);
    }
}
