namespace Ulm.Engine.Loop;

/// <summary>
/// When to look: at whole multiples of the polling interval, so that schedules, which fall there too, are decided on figures of that instant and
/// <c>for</c> counts whole intervals; and in between when something is due. Used from the engine's thread only.
/// </summary>
internal sealed class LookPace(TimeProvider time, TimeSpan interval)
{
    private TaskCompletionSource _wake = new();
    private DateTimeOffset? _next;
    private Exception? _failed;

    public DateTimeOffset OnGrid(DateTimeOffset now) => new(now.UtcTicks - now.UtcTicks % interval.Ticks, TimeSpan.Zero);

    /// <summary>Something may have come due.</summary>
    public void Wake() => _wake.TrySetResult();

    /// <summary>Whoever waits, or comes to wait, gets this instead.</summary>
    public void Fail(Exception because)
    {
        _failed = because;
        _wake.TrySetResult();
    }

    /// <summary>Waits until it is time to look.</summary>
    /// <param name="isDue">True: it is, though the interval is not over.</param>
    public async Task<DateTimeOffset> NextAsync(Func<DateTimeOffset, bool> isDue, CancellationToken ct)
    {
        var next = _next ??= OnGrid(time.GetUtcNow()) + interval;
        while (true)
        {
            var now = time.GetUtcNow();
            // A clock that was set back, also while it was waited for, must not mean that nobody looks until it has caught up.
            if (next - now > interval) _next = next = OnGrid(now) + interval;
            if (now >= next)
            {
                _next = null;
                return next;
            }

            if (isDue(now)) return now;
            if (_wake.Task.IsCompleted) _wake = new TaskCompletionSource();
            using var sleep = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(time.WaitAsync(next - now, sleep.Token), _wake.Task);
            sleep.Cancel();
            if (_failed is not null) throw _failed;
            ct.ThrowIfCancellationRequested();
        }
    }
}
