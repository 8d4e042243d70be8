using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Munin;

namespace Ulm.Server.Live;

/// <summary>
/// Asks one munin-node for what policies read and for nothing else: it knows the node's plugins, and finds out which of them gives a graph. Called by
/// one caller at a time; <see cref="FieldsAsync"/> by any.
/// </summary>
internal sealed class MuninSource(string host, MuninNode node, TimeProvider time, MuninCollectorOptions options) : IAsyncDisposable
{
    private readonly MuninCollector _collector = new(node, time, options);
    private readonly Dictionary<string, string?> _pluginOfGraph = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _plugins = [];
    private int _listedOn = -1;

    public string Address => node.Address;

    public async Task<MuninAnswer> PollAsync(IReadOnlySet<PolicyAttribute> reads, CancellationToken ct)
    {
        try
        {
            await ListAsync(ct);
            foreach (var graph in reads.Select(a => a.MuninField).OfType<string>().Select(f => MuninAnswer.Split(f).Graph.Split('.')[0])) await FindPluginAsync(graph, ct);
        }
        catch (MuninException e)
        {
            return Answer([], new MuninPoll(default, ImmutableDictionary<string, MuninReading>.Empty, ImmutableDictionary<string, MuninException>.Empty)) with { Failure = e };
        }

        var asked = reads.SelectMany(a => HostFigures.PluginsFor(a, _plugins, _pluginOfGraph)).Distinct(StringComparer.Ordinal).ToList();
        return Answer(asked, await _collector.PollAsync(asked, ct));
    }

    /// <summary>Every field of every plugin, as policies name it. Plugins that fail have none.</summary>
    public async Task<IReadOnlyList<string>> FieldsAsync(CancellationToken ct)
    {
        var fields = new List<string>();
        foreach (var plugin in await node.ListAsync(ct: ct))
        {
            try
            {
                fields.AddRange((await node.ConfigAsync(plugin, ct)).SelectMany(g => g.Fields.Select(f => $"{g.Name}.{f.Name}")));
            }
            catch (MuninException e) when (!e.IsNodeWide)
            {
                // It has no fields that anybody could read now.
            }
        }

        return fields;
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    private MuninAnswer Answer(IReadOnlyCollection<string> asked, MuninPoll poll) => new(host, _plugins, _pluginOfGraph.ToImmutableDictionary(StringComparer.Ordinal), asked, poll);

    /// <summary>A node learns of new plugins when it is restarted, which ends its connections: one list a connection will do.</summary>
    private async Task ListAsync(CancellationToken ct)
    {
        if (_listedOn == node.Connections) return;
        var plugins = (await node.ListAsync(ct: ct)).ToImmutableHashSet(StringComparer.Ordinal);
        if (!plugins.SetEquals(_plugins)) _pluginOfGraph.Clear();
        (_plugins, _listedOn) = (plugins, node.Connections);
    }

    /// <summary>
    /// A multigraph plugin names its graphs as it likes, most often after itself (<c>diskstats</c> gives <c>diskstats_iops</c>): those of such a
    /// name are asked for their graphs first, the others only where that does not help. Asked once, until the node's plugins change.
    /// </summary>
    private async Task FindPluginAsync(string graph, CancellationToken ct)
    {
        if (_plugins.Contains(graph) || _pluginOfGraph.ContainsKey(graph)) return;
        foreach (var plugin in _plugins.OrderByDescending(p => graph.StartsWith(p, StringComparison.Ordinal) ? p.Length : 0).ThenBy(p => p, StringComparer.Ordinal))
        {
            try
            {
                foreach (var found in await node.ConfigAsync(plugin, ct)) _pluginOfGraph.TryAdd(found.Name.Split('.')[0], plugin);
            }
            catch (MuninException e) when (!e.IsNodeWide)
            {
                continue;
            }

            if (_pluginOfGraph.ContainsKey(graph)) return;
        }

        _pluginOfGraph.Add(graph, null);
    }
}
