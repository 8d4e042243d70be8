using System.Collections.Concurrent;

namespace Ulm.Libvirt.Calls;

/// <summary>
/// Threads for native calls, apart from the .NET thread pool: a call to a hung host holds its thread for as long as the host hangs, and
/// fifty of them would starve everything else in the pool. A call takes an idle thread or a new one; a thread idle for ten seconds
/// ends. How many calls may be under way is bounded by the callers (<see cref="CallGate"/>), not here. Thread-safe.
/// </summary>
internal static class NativeWorkers
{
    private const int StackBytes = 1 << 20;
    private static readonly ConcurrentStack<Worker> Idle = new();

    /// <summary>Runs <paramref name="body"/> on a thread of its own. The task's continuations never run on that thread.</summary>
    public static Task<T> Run<T>(Func<T> body)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(() =>
        {
            try
            {
                done.SetResult(body());
            }
            catch (Exception e)
            {
                done.SetException(e);
                _ = done.Task.Exception;   // callers may have stopped waiting: an abandoned failure is not "unobserved"
            }
        });
        return done.Task;
    }

    /// <inheritdoc cref="Run{T}(Func{T})"/>
    public static Task Run(Action body) => Run(() =>
    {
        body();
        return true;
    });

    private static void Start(Action job)
    {
        while (Idle.TryPop(out var worker))
            if (worker.TryTake(job))
                return;
        var fresh = new Worker();
        fresh.TryTake(job);
        new Thread(fresh.Work, StackBytes) { IsBackground = true, Name = "libvirt call" }.Start();
    }

    private sealed class Worker
    {
        private const int Free = 0, Busy = 1, Ended = 2;
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

        private readonly AutoResetEvent _wake = new(false);
        private Action? _job;   // written by the starter between winning Free -> Busy and _wake.Set, read by the thread after it
        private int _state;

        // Loses against a thread that ended while this worker was still on the stack.
        public bool TryTake(Action job)
        {
            if (Interlocked.CompareExchange(ref _state, Busy, Free) != Free) return false;
            _job = job;
            _wake.Set();
            return true;
        }

        public void Work()
        {
            while (_wake.WaitOne(Patience) || Interlocked.CompareExchange(ref _state, Ended, Free) != Free)
            {
                if (_job is not { } job) continue;   // taken at the very end of our patience: the wake-up is on its way
                _job = null;
                job();
                Volatile.Write(ref _state, Free);
                Idle.Push(this);
            }
            _wake.Dispose();
        }
    }
}
