using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Actions;

/// <summary>
/// The orders that hosts are under, by host. What changes here is closed at once, and is durable once the call returns; what can't be kept is taken
/// back, as whoever gave it is told that it was refused. Used from the engine's thread only.
/// </summary>
/// <param name="save">Keeps them all; throws <see cref="RecorderUnavailableException"/>.</param>
public sealed class HostOrders(Func<ImmutableArray<HostOrder>, CancellationToken, Task> save)
{
    public ImmutableDictionary<string, HostOrder> Current { get; private set; } = ImmutableDictionary.Create<string, HostOrder>(StringComparer.Ordinal);

    /// <summary>How the last order of a host was ended, for people; by host. Of this run.</summary>
    public ImmutableDictionary<string, string> Ended { get; private set; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Grows with every change.</summary>
    public long Version { get; private set; }

    /// <summary>What the last run left.</summary>
    public void Restore(IEnumerable<HostOrder> kept) => Change(kept.ToImmutableDictionary(o => o.Host, StringComparer.Ordinal));

    public Task SetAsync(HostOrder order, CancellationToken ct) => ChangeAsync(order.Host, order, ct);

    public Task RemoveAsync(string host, CancellationToken ct) => ChangeAsync(host, null, ct);

    /// <param name="how">Such as <c>h1 was released by ann at ..</c>.</param>
    public async Task EndAsync(string host, string how, CancellationToken ct)
    {
        await RemoveAsync(host, ct);
        Ended = Ended.SetItem(host, how);
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

    private async Task ChangeAsync(string host, HostOrder? order, CancellationToken ct)
    {
        var before = Current.GetValueOrDefault(host);
        Change(With(host, order));
        try
        {
            await SaveAsync(ct);
        }
        catch (RecorderUnavailableException)
        {
            Change(With(host, before));
            throw;
        }
    }

    private ImmutableDictionary<string, HostOrder> With(string host, HostOrder? order) => order is null ? Current.Remove(host) : Current.SetItem(host, order);

    private void Change(ImmutableDictionary<string, HostOrder> to) => (Current, Version) = (to, Version + 1);
}
