namespace Ulm.Libvirt.Calls;

/// <summary>
/// Lets a bounded number of native calls on one connection run at once, each on a worker thread, and gives callers back their time when
/// the host hangs. While a call is past its time, new ones fail at once instead of adding threads to the pile. Thread-safe.
/// </summary>
internal sealed class CallGate(string uri, int width, TimeProvider time)
{
    private readonly SemaphoreSlim _slots = new(width, width);
    private readonly Lock _lock = new();
    private readonly HashSet<UnderWay> _underWay = [];   // under _lock

    /// <summary>Runs <paramref name="native"/>. The timeout counts from now, waiting for a free slot included.</summary>
    /// <exception cref="LibvirtTimeoutException">It took longer, or an earlier call is stuck.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the native call goes on unheard.</exception>
    public async Task<T> RunAsync<T>(string call, TimeSpan timeout, Func<T> native, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStuck(call);
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _slots.WaitAsync(either.Token).ConfigureAwait(false);
            return await Launch(call, timeout, native).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && deadline.IsCancellationRequested)
        {
            var waited = time.GetElapsedTime(started);
            throw new LibvirtTimeoutException($"No answer within {timeout.TotalSeconds:0.#} s", call, uri, waited);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);   // the caller's token, not the linked one
        }
    }

    private Task<T> Launch<T>(string call, TimeSpan timeout, Func<T> native)
    {
        var entry = new UnderWay(call, timeout, time.GetTimestamp());
        lock (_lock) _underWay.Add(entry);
        return NativeWorkers.Run(() =>
        {
            try
            {
                return native();
            }
            finally
            {
                lock (_lock) _underWay.Remove(entry);
                _slots.Release();
            }
        });
    }

    private void ThrowIfStuck(string call)
    {
        lock (_lock)
            foreach (var earlier in _underWay)
                if (time.GetElapsedTime(earlier.Started) is var since && since > earlier.Timeout)
                    throw new LibvirtTimeoutException(
                        $"Not asked: {earlier.Call} has had no answer for {since.TotalSeconds:0.#} s", call, uri, TimeSpan.Zero);
    }

    // A class, not a record: two calls of the same kind at the same instant are still two.
    private sealed class UnderWay(string call, TimeSpan timeout, long started)
    {
        public string Call => call;
        public TimeSpan Timeout => timeout;
        public long Started => started;
    }
}
