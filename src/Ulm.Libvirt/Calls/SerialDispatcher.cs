using System.Threading.Channels;

namespace Ulm.Libvirt.Calls;

/// <summary>
/// Hands items to one subscriber, one after the other, on the thread pool. libvirt's event loop serves every connection of the process,
/// keepalive included: a subscriber that ran on it and was slow would make live hosts look dead. A subscriber that falls
/// <see cref="Capacity"/> behind loses items and gets one that says so instead. Thread-safe.
/// </summary>
internal sealed class SerialDispatcher<T> : IDisposable
{
    internal const int Capacity = 4096;

    private readonly Channel<T> _items = Channel.CreateBounded<T>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Action<T> _subscriber;
    private readonly Func<T> _afterLoss;
    private readonly Action<Exception>? _onError;
    private int _lost;
    private volatile bool _completed;
    private volatile bool _disposed;

    public SerialDispatcher(Action<T> subscriber, Func<T> afterLoss, Action<Exception>? onError)
    {
        (_subscriber, _afterLoss, _onError) = (subscriber, afterLoss, onError);
        _ = Task.Run(DeliverAsync);
    }

    public void Post(T item)
    {
        if (!_completed && !_items.Writer.TryWrite(item)) Interlocked.Exchange(ref _lost, 1);
    }

    /// <summary>What is queued is still delivered, nothing after it.</summary>
    public void Complete()
    {
        _completed = true;
        _items.Writer.TryComplete();
    }

    /// <summary>Nothing is delivered any more once this returned, but for an item being delivered right now.</summary>
    public void Dispose()
    {
        _disposed = true;
        Complete();
    }

    private async Task DeliverAsync()
    {
        await foreach (var item in _items.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Deliver(item);
            if (Interlocked.Exchange(ref _lost, 0) == 1) Deliver(_afterLoss());
        }
    }

    private void Deliver(T item)
    {
        if (_disposed) return;
        try
        {
            _subscriber(item);
        }
        catch (Exception e)
        {
            _onError?.Invoke(e);   // one bad item does not end the subscription
        }
    }
}
