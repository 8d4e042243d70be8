namespace Ulm.Engine.Loop;

/// <summary>
/// Taken from the facts that a decision is made on until its steps are known to all others: two that decide at once would not know of one another. Whoever waits
/// gets it in his order, on the engine's thread, from which alone it is used: a semaphore's turn comes by way of the thread pool, behind the back of virtual time.
/// </summary>
internal sealed class DecisionTurn
{
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private bool _isTaken;

    public async Task<T> TakeAsync<T>(Func<Task<T>> decide, CancellationToken ct)
    {
        await EnterAsync(ct);
        try
        {
            return await decide();
        }
        finally
        {
            Leave();
        }
    }

    public Task TakeAsync(Func<Task> decide, CancellationToken ct) => TakeAsync(
        async () =>
        {
            await decide();
            return true;
        },
        ct);

    private async Task EnterAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!_isTaken)
        {
            _isTaken = true;
            return;
        }

        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(turn);
        // Whoever cancels does so on a thread of his own, which must not touch the queue.
        await using var _ = ct.Register(() => turn.TrySetCanceled(ct));
        await turn.Task;
    }

    /// <summary>It passes to the next who still waits.</summary>
    private void Leave()
    {
        while (_waiting.TryDequeue(out var next)) if (next.TrySetResult()) return;
        _isTaken = false;
    }
}
