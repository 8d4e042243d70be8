using System.Collections.Immutable;
using Ulm.Libvirt.Calls;

namespace Ulm.Libvirt;

public sealed partial class LibvirtConnection
{
    private Subscription<T> Subscribe<T>(ref ImmutableList<SerialDispatcher<T>> list, Action<T> subscriber, Func<T> afterLoss)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        var dispatcher = new SerialDispatcher<T>(subscriber, afterLoss, _options.OnSubscriberError);
        ImmutableInterlocked.Update(ref list, static (all, one) => all.Add(one), dispatcher);
        return new Subscription<T>(this, dispatcher);
    }

    private void Unsubscribe<T>(SerialDispatcher<T> dispatcher)
    {
        if (dispatcher is SerialDispatcher<DomainLifecycleEvent> lifecycle)
            ImmutableInterlocked.Update(ref _lifecycle, static (all, one) => all.Remove(one), lifecycle);
        else if (dispatcher is SerialDispatcher<ConnectionStateChange> state)
            ImmutableInterlocked.Update(ref _states, static (all, one) => all.Remove(one), state);
        dispatcher.Dispose();
    }

    private sealed class Subscription<T>(LibvirtConnection owner, SerialDispatcher<T> dispatcher) : IDisposable
    {
        public void Dispose() => owner.Unsubscribe(dispatcher);
    }
}
