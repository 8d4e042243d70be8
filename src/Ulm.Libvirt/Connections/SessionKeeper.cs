using Ulm.Libvirt.Calls;

namespace Ulm.Libvirt.Connections;

/// <summary>
/// Keeps at most one <see cref="Session"/> open: opens it when asked for, notices its end, and lets pass a growing pause before
/// the next attempt. As long as someone listens it opens again by itself. Thread-safe.
/// </summary>
/// <remarks>
/// libvirt has no way to stop an attempt, and one may hang forever: keepalive only watches what has been opened. So an attempt without an
/// answer for long is left to itself, with its thread, and another begun; the patience doubles each time, so that they stay few.
/// </remarks>
internal sealed class SessionKeeper(
    LibvirtConnectionOptions options, TimeProvider time, CallGate gate, Func<bool> isListenedTo, Action<ConnectionState, string> onState,
    Action<LifecycleKind, Guid, string, int> onEvent)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposed = new();
    private readonly ReconnectPause _pause = new(options.FirstReconnectPause, options.MaxReconnectPause);

    // All under _lock.
    private Session? _current;
    private long _currentSince;
    private Attempt? _opening;    // the one callers wait for; those before it were left to themselves
    private int _leftHanging;
    private long _failedAt;
    private TimeSpan _leaveAlone; // from _failedAt on
    private Exception? _failure;
    private bool _retryPlanned;

    public bool IsConnected
    {
        get { lock (_lock) return _current is not null; }
    }

    /// <summary>The open session, opened first if need be.</summary>
    /// <exception cref="LibvirtException">It can't be opened, or a moment ago couldn't.</exception>
    /// <exception cref="LibvirtTimeoutException">Opening takes too long. It goes on; a later call profits.</exception>
    public async Task<Session> GetAsync(CancellationToken cancellationToken)
    {
        Attempt opening;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, typeof(LibvirtConnection));
            if (_current is not null) return _current;
            if (_opening is null && Left() is { Ticks: > 0 } left) throw StillDown(left);
            opening = OpeningLocked();
            if (time.GetElapsedTime(opening.Since) is var waited && waited > options.CallTimeout)
                throw new LibvirtTimeoutException(
                    $"Not asked: opening the connection has had no answer for {waited.TotalSeconds:0.#} s", "virConnectOpen", options.Uri,
                    TimeSpan.Zero, sent: false);
        }
        try
        {
            return await opening.Opened.Task.WaitAsync(options.CallTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (e is not LibvirtTimeoutException)
        {
            throw new LibvirtTimeoutException(
                $"No answer within {options.CallTimeout.TotalSeconds:0.#} s", "virConnectOpen", options.Uri, options.CallTimeout, sent: false);
        }
    }

    /// <summary>Opens in the background if it isn't open; failures are tried again as long as someone listens.</summary>
    public void Open()
    {
        lock (_lock)
            if (_current is null && !_disposed.IsCancellationRequested)
                if (Left() > TimeSpan.Zero) PlanRetryLocked();
                else OpeningLocked();
    }

    public async Task DisposeAsync()
    {
        Session? current;
        lock (_lock)
        {
            if (_disposed.IsCancellationRequested) return;
            _disposed.Cancel();
            (current, _current) = (_current, null);
        }
        if (current is null) return;
        onState(ConnectionState.Disconnected, "closed");
        try
        {
            // A hung host delays the close, not the caller: it goes on in the background.
            await gate.RunLastAsync(current.Close).WaitAsync(options.CallTimeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
        }
    }

    private TimeSpan Patience => 2 * options.CallTimeout * Math.Pow(2, Math.Min(_leftHanging, 10));

    private Attempt OpeningLocked()
    {
        if (_opening is not null)
        {
            if (time.GetElapsedTime(_opening.Since) < Patience) return _opening;
            _leftHanging++;
        }
        var attempt = _opening = new Attempt(time.GetTimestamp());
        _ = OpenAsync(attempt);
        _ = WatchAsync(attempt, Patience);
        return attempt;
    }

    private async Task OpenAsync(Attempt attempt)
    {
        try
        {
            var session = await NativeWorkers.Run(() => Session.Open(options, Lost, onEvent)).ConfigureAwait(false);
            var used = Adopt(session, attempt);
            if (used is not null) attempt.Opened.SetResult(used);
            else attempt.Opened.SetException(new ObjectDisposedException(nameof(LibvirtConnection)));
            if (used != session) await NativeWorkers.Run(session.Close).ConfigureAwait(false);
            // It may have died between its opening and here, when it was not yet ours to lose.
            else if (session.LostBecause is { } reason) Lost(session, reason);
        }
        catch (Exception e)
        {
            lock (_lock)
                if (EndLocked(attempt) && _current is null)
                    DownLocked(e, _pause.Failed());
            attempt.Opened.TrySetException(e);
        }
        finally
        {
            _ = attempt.Opened.Task.Exception;   // perhaps nobody waits
        }
    }

    // The session to use from now on, null once disposed. An attempt that was left to itself is as good as the one begun after it: the
    // first to succeed is used.
    private Session? Adopt(Session session, Attempt attempt)
    {
        lock (_lock)
        {
            EndLocked(attempt);
            if (_current is not null || _disposed.IsCancellationRequested) return _current;
            (_current, _currentSince) = (session, time.GetTimestamp());
            onState(ConnectionState.Connected, "");
            return session;
        }
    }

    // True where it was the one callers wait for.
    private bool EndLocked(Attempt attempt)
    {
        if (_opening != attempt)
        {
            _leftHanging--;
            return false;
        }
        _opening = null;
        return true;
    }

    // Callers look at a hanging attempt when they come; where there are only listeners, nobody would.
    private async Task WatchAsync(Attempt attempt, TimeSpan patience)
    {
        await Task.WhenAny(attempt.Opened.Task, Task.Delay(patience, time, _disposed.Token)).ConfigureAwait(false);
        if (!attempt.Opened.Task.IsCompleted && isListenedTo()) Open();
    }

    private void Lost(Session session, string reason)
    {
        lock (_lock)
        {
            if (_current != session) return;
            _current = null;
            DownLocked(
                new LibvirtException(
                    LibvirtErrorCode.NoConnect, LibvirtErrorDomain.None, LibvirtErrorLevel.Error, reason, "virConnectOpen", options.Uri, true),
                _pause.Lost(time.GetElapsedTime(_currentSince)));
        }
        // After the call that may still be in it; closing says goodbye to the host, which is a call like any other.
        _ = gate.RunLastAsync(session.Close);
    }

    private void DownLocked(Exception failure, TimeSpan leaveAlone)
    {
        (_failure, _failedAt, _leaveAlone) = (failure, time.GetTimestamp(), leaveAlone);
        onState(ConnectionState.Disconnected, failure is LibvirtException e ? e.Words : failure.Message);
        PlanRetryLocked();
    }

    private void PlanRetryLocked()
    {
        if (_retryPlanned || _disposed.IsCancellationRequested || !isListenedTo()) return;
        _retryPlanned = true;
        _ = RetryAsync(Left());
    }

    private async Task RetryAsync(TimeSpan pause)
    {
        await Task.Delay(pause, time, _disposed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock) _retryPlanned = false;
        if (isListenedTo()) Open();
    }

    private TimeSpan Left() => _failure is null ? TimeSpan.Zero : _leaveAlone - time.GetElapsedTime(_failedAt);

    // A fresh exception with the old one's words: one exception thrown to many callers would garble its stack trace.
    private Exception StillDown(TimeSpan left) => _failure switch
    {
        LibvirtException e => new LibvirtException(
            e.Code, e.Domain, e.Level, $"{e.Words}; the next attempt is due in {left.TotalSeconds:0.#} s", e.Call, e.Uri, true),
        LibvirtUnavailableException e => new LibvirtUnavailableException(e.Message, e),
        var e => new InvalidOperationException($"{options.Uri} could not be opened: {e?.Message}", e),
    };

    private sealed class Attempt(long since)
    {
        public long Since => since;
        public TaskCompletionSource<Session> Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
