using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

/// <summary>The orders that hosts are under, by host. What changes here is closed at once, and is durable once the call returns. Used from the engine's thread only.</summary>
/// <param name="save">Keeps them all; throws <see cref="RecorderUnavailableException"/>.</param>
public sealed class HostOrders(Func<ImmutableArray<HostOrder>, CancellationToken, Task> save)
{
    public ImmutableDictionary<string, HostOrder> Current { get; private set; } = ImmutableDictionary.Create<string, HostOrder>(StringComparer.Ordinal);

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>What the last run left.</summary>
    public void Restore(IEnumerable<HostOrder> kept) => Change(kept.ToImmutableDictionary(o => o.Host, StringComparer.Ordinal));

    public Task SetAsync(HostOrder order, CancellationToken ct)
    {
        Change(Current.SetItem(order.Host, order));
        return SaveAsync(ct);
    }

    public Task RemoveAsync(string host, CancellationToken ct)
    {
        Change(Current.Remove(host));
        return SaveAsync(ct);
    }

    /// <summary>The state a host is to be taken for.</summary>
    public HostState StateOf(Host observed) => Current.GetValueOrDefault(observed.Name) switch
    {
        { Kind: HostOrderKind.Suspended } when observed.State == HostState.Unreachable => HostState.Off,
        { Kind: HostOrderKind.Maintenance } when observed.State == HostState.On => HostState.Maintenance,
        { Kind: HostOrderKind.Drained or HostOrderKind.ShutDown, IsClosed: true } when observed.State == HostState.On => HostState.Draining,
        _ => observed.State,
    };

    /// <summary>Keeps them as they are now.</summary>
    public Task SaveAsync(CancellationToken ct) => save([.. Current.Values.OrderBy(o => o.Host, StringComparer.Ordinal)], ct);

    private void Change(ImmutableDictionary<string, HostOrder> to) => (Current, Version) = (to, Version + 1);
}
