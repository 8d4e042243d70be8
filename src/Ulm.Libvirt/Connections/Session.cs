using System.Collections.Concurrent;
using Ulm.Libvirt.Domains;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt.Connections;

/// <summary>
/// One opened native connection, from <c>virConnectOpen</c> to its end, with its callbacks. Opened and closed on worker threads; the
/// callbacks run on libvirt's event loop and must neither block nor throw.
/// </summary>
internal sealed unsafe class Session
{
    // What native code holds of a session is a number, not a GCHandle: a driver that takes a callback and never frees it then leaks
    // nothing, and a callback that is late by a moment finds no session instead of a freed one.
    private static readonly ConcurrentDictionary<nint, Session> Live = new();
    private static long _lastKey;

    private readonly nint _key = (nint)Interlocked.Increment(ref _lastKey);
    private readonly Action<Session, string> _onLost;
    private readonly Action<LifecycleKind, Guid, string, int>? _onEvent;
    private int _eventCallback = -1;
    private int _closing;

    private Session(ConnectHandle handle, string uri, Action<Session, string> onLost, Action<LifecycleKind, Guid, string, int>? onEvent)
    {
        (Handle, Uri, _onLost, _onEvent) = (handle, uri, onLost, onEvent);
    }

    public ConnectHandle Handle { get; }

    /// <summary>Why it ended; null while it lives. Set once, before the owner is told.</summary>
    public string? LostBecause { get; private set; }

    /// <summary>What it was opened with.</summary>
    public string Uri { get; }

    /// <summary>
    /// Runs a call over this connection on the present worker thread. Whether a failure that looks like a broken connection is one is settled here,
    /// and if it is, the session's end is reported: a failing call often knows before the close callback.
    /// </summary>
    /// <exception cref="LibvirtException">It was lost, and closed, between being found and being used; or as the call says.</exception>
    public T Judge<T>(Func<ConnectHandle, T> native)
    {
        if (Handle.IsClosed)
            throw new LibvirtException(
                LibvirtErrorCode.NoConnect, LibvirtErrorDomain.None, LibvirtErrorLevel.Error, LostBecause ?? "the connection was closed", "virConnectOpen", Uri, true);
        try
        {
            return native(Handle);
        }
        catch (LibvirtException e) when (e.ConnectionFailed)
        {
            if (IsAlive) throw e.With(connectionFailed: false);
            Lose(e.Words);
            throw;
        }
    }

    // No call to the host.
    private bool IsAlive => LostBecause is null && !Handle.IsClosed && LibvirtApi.virConnectIsAlive(Handle) != 0;

    /// <summary>Opens a connection for one purpose, that listens to no domain events.</summary>
    public static Session OpenAside(LibvirtConnectionOptions options) => Open(options, static (_, _) => { }, null);

    /// <summary>Opens a connection; blocks for as long as the transport takes.</summary>
    public static Session Open(
        LibvirtConnectionOptions options, Action<Session, string> onLost, Action<LifecycleKind, Guid, string, int>? onEvent)
    {
        LibvirtRuntime.EnsureStarted();
        var handle = LibvirtApi.virConnectOpen(options.Uri);
        if (handle.IsInvalid) throw LastError.Read("virConnectOpen", options.Uri).With(connectionFailed: true);
        var session = new Session(handle, options.Uri, onLost, onEvent);
        Live[session._key] = session;
        try
        {
            session.Prepare(options);
            return session;
        }
        catch
        {
            session.Close();
            throw;
        }
    }

    /// <summary>Reports the connection as broken, once, whoever notices first.</summary>
    public void Lose(string reason)
    {
        lock (Live)
        {
            if (LostBecause is not null || _closing != 0) return;
            LostBecause = reason;
        }
        _onLost(this, reason);
    }

    /// <summary>Takes back the callbacks, each of which holds the native connection open, and closes. May wait for a hung host.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0) return;
        Live.TryRemove(_key, out _);
        // Errors don't matter: on a broken connection libvirt has taken them back itself.
        if (_eventCallback >= 0) LibvirtApi.virConnectDomainEventDeregisterAny(Handle, _eventCallback);
        LibvirtApi.virConnectUnregisterCloseCallback(Handle, &OnClose);
        Handle.Dispose();
    }

    private void Prepare(LibvirtConnectionOptions options)
    {
        Optional(LibvirtApi.virConnectRegisterCloseCallback(Handle, &OnClose, _key, null), "virConnectRegisterCloseCallback");
        if (_onEvent is not null)
            _eventCallback = Optional(
                LibvirtApi.virConnectDomainEventRegisterAny(Handle, 0, LibvirtApi.DomainEventLifecycle, &OnDomainEvent, _key, null),
                "virConnectDomainEventRegisterAny");
        if (options.KeepAliveInterval > TimeSpan.Zero)
            Optional(
                LibvirtApi.virConnectSetKeepAlive(Handle, (int)options.KeepAliveInterval.TotalSeconds, (uint)options.KeepAliveCount),
                "virConnectSetKeepAlive");
    }

    // Drivers that live in this process have no connection to keep alive or to lose; some have no events.
    private int Optional(int result, string call)
    {
        if (result >= 0) return result;
        var error = LastError.Read(call, Uri);
        return error.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported ? -1 : throw error;
    }

    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static void OnClose(nint conn, int reason, nint key)
    {
        if (!Live.TryGetValue(key, out var session)) return;
        // Not on this thread: whoever is told may close the connection, whose locks libvirt holds while it calls us.
        ThreadPool.QueueUserWorkItem(static state => state.session.Lose(state.words), (session, words: reason switch
        {
            1 => "the host closed the connection",        // VIR_CONNECT_CLOSE_REASON_EOF
            2 => "the host stopped answering keepalive",  // VIR_CONNECT_CLOSE_REASON_KEEPALIVE
            3 => "the connection was closed on this side",
            _ => "the connection broke",
        }), preferLocal: false);
    }

    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static int OnDomainEvent(nint conn, nint domain, int kind, int detail, nint key)
    {
        if (!Live.TryGetValue(key, out var session)) return 0;
        try
        {
            var (name, uuid) = DomainReader.Identify(domain);
            session._onEvent?.Invoke((LifecycleKind)kind, uuid, name, detail);
        }
        catch
        {
            // Nothing may be thrown into libvirt. What is called here only copies and queues.
        }
        return 0;
    }
}
