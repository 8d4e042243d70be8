namespace Ulm.Libvirt.Calls;

/// <summary>
/// Lets one native call at a time into a connection, on a worker thread, and gives callers back their time when the host hangs. While a
/// call is past its time, new ones fail at once instead of queueing behind it. Thread-safe.
/// </summary>
/// <remarks>
/// One at a time, although libvirt allows more: before 10.4 (Debian 12 has 9.0) its client, when several threads wait for answers on one
/// connection and keepalive gives it up, leaves some of them waiting forever and can then crash the process (CVE-2024-4418: a wake-up of
/// one thread's wait leaves a pointer into its stack in the connection's event loop). Calls to different hosts run side by side.
/// </remarks>
internal sealed class CallGate(string uri, TimeProvider time)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile UnderWay? _current;   // written by whoever has the turn

    /// <summary>Runs <paramref name="native"/>. The timeout counts from now, waiting for its turn included.</summary>
    /// <exception cref="LibvirtTimeoutException">It took longer, or an earlier call is stuck.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the native call goes on unheard.</exception>
    public async Task<T> RunAsync<T>(string call, TimeSpan timeout, Func<T> native, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStuck(call);
        var (started, sent) = (time.GetTimestamp(), false);
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _turn.WaitAsync(either.Token).ConfigureAwait(false);
            sent = true;
            return await Launch(new UnderWay(call, timeout, time.GetTimestamp()), native).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);   // the caller's token, not the linked one
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            var what = sent ? "No answer" : $"Not asked, {_current?.Call ?? "another call"} being under way,";
            throw new LibvirtTimeoutException($"{what} within {timeout.TotalSeconds:0.#} s", call, uri, time.GetElapsedTime(started), sent);
        }
    }

    /// <summary>Runs <paramref name="last"/> when its turn comes, however long a call before it hangs.</summary>
    public async Task RunLastAsync(Action last)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        await Launch(new UnderWay("virConnectClose", TimeSpan.MaxValue, time.GetTimestamp()), () =>
        {
            last();
            return true;
        }).ConfigureAwait(false);
    }

    private Task<T> Launch<T>(UnderWay entry, Func<T> native)
    {
        _current = entry;
        return NativeWorkers.Run(() =>
        {
            try
            {
                return native();
            }
            finally
            {
                _current = null;
                _turn.Release();
            }
        });
    }

    private void ThrowIfStuck(string call)
    {
        if (_current is not { } earlier) return;
        if (time.GetElapsedTime(earlier.Started) is var since && since > earlier.Timeout)
            throw new LibvirtTimeoutException(
                $"Not asked: {earlier.Call} has had no answer for {since.TotalSeconds:0.#} s", call, uri, TimeSpan.Zero, sent: false);
    }

    private sealed record UnderWay(string Call, TimeSpan Timeout, long Started);
}
