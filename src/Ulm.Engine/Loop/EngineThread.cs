using System.Collections.Concurrent;

namespace Ulm.Engine.Loop;

/// <summary>
/// The one thread of the engine: continuations of everything started on it come back to it, so that loop and executor share state
/// without locks. Live, it blocks while there is nothing to do; in a simulation the same queue is pumped in virtual time.
/// </summary>
public sealed class EngineThread : SynchronizationContext
{
    private readonly BlockingCollection<(SendOrPostCallback Call, object? State)> _queue = [];

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!_queue.IsAddingCompleted) _queue.Add((d, state));
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("the engine's thread is never waited for");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs <paramref name="work"/> and all it starts on the calling thread, until it is done.</summary>
    /// <param name="whenIdle">Called whenever nothing is queued; null: block until something is. Virtual time moves on here.</param>
    public void Run(Func<Task> work, Action? whenIdle = null)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            var task = work();
            task.ContinueWith(_ => Post(static _ => { }, null), TaskScheduler.Default);
            while (!task.IsCompleted)
            {
                if (whenIdle is null)
                {
                    var next = _queue.Take();
                    next.Call(next.State);
                }
                else if (_queue.TryTake(out var ready)) ready.Call(ready.State);
                else whenIdle();
            }

            while (_queue.TryTake(out var rest)) rest.Call(rest.State);
            task.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Waits for what other threads ask, and answers it; to be called on the engine's own thread while it has nothing to do.</summary>
    /// <returns>False: nothing came within this time.</returns>
    public bool Serve(TimeSpan wait)
    {
        if (!_queue.TryTake(out var asked, wait)) return false;
        asked.Call(asked.State);
        return true;
    }

    /// <summary>Asks something of the engine from another thread.</summary>
    public Task<T> AskAsync<T>(Func<T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(
            _ =>
            {
                try
                {
                    answer.SetResult(question());
                }
                catch (Exception e)
                {
                    answer.SetException(e);
                }
            },
            null);
        return answer.Task;
    }
}
