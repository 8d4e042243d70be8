using System.Collections.Immutable;
using Ulm.Munin;

namespace Ulm.Server.Live;

/// <summary>Every field that the munin-nodes of a site have now. Nodes that do not answer have none to show.</summary>
internal static class MuninFieldList
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <returns>Each once, sorted: <c>plugin.field</c>.</returns>
    public static async Task<ImmutableArray<string>> OfAsync(IEnumerable<ManagedHost> hosts, TimeProvider time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var fields = await Task.WhenAll(hosts.Select(h => OfAsync(h, either.Token)));
        ct.ThrowIfCancellationRequested();
        return [.. fields.SelectMany(f => f).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<string>> OfAsync(ManagedHost host, CancellationToken ct)
    {
        try
        {
            return await host.OtherMunin.FieldsAsync(ct);
        }
        catch (Exception e) when (e is MuninException or OperationCanceledException)
        {
            return [];
        }
    }
}
