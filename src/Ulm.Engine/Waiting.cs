namespace Ulm.Engine;

internal static class Waiting
{
    /// <summary>
    /// Like <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/>, but a cancelled wait also goes on where it was cancelled.
    /// The framework's goes by way of the thread pool, behind the back of virtual time: a simulation would not be repeatable.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task WaitAsync(this TimeProvider time, TimeSpan duration, CancellationToken ct = default)
    {
        if (duration <= TimeSpan.Zero) return;
        var over = new TaskCompletionSource();
        using var timer = time.CreateTimer(static o => ((TaskCompletionSource)o!).TrySetResult(), over, duration, Timeout.InfiniteTimeSpan);
        using var registration = ct.Register(() => over.TrySetCanceled(ct));
        await over.Task;
    }
}
