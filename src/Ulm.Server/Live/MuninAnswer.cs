using System.Collections.Immutable;
using Ulm.Munin;

namespace Ulm.Server.Live;

/// <summary>What one host's munin-node said in one poll.</summary>
/// <param name="Plugins">All that the node has, asked or not.</param>
/// <param name="PluginOfGraph">Which plugin gives a graph that is not named after its plugin; null: none of the node's does.</param>
/// <param name="Asked">The plugins that were asked.</param>
internal sealed record MuninAnswer(
    string Host, ImmutableHashSet<string> Plugins, IReadOnlyDictionary<string, string?> PluginOfGraph, IReadOnlyCollection<string> Asked, MuninPoll Poll)
{
    /// <summary>Set where the list of plugins could not be had.</summary>
    public MuninException? Failure { get; init; }

    /// <summary>
    /// Set if the node said nothing at all: it can't be reached, or it took the connection and then hung. One that answers for some plugin,
    /// or says that it has none of them, is there.
    /// </summary>
    public MuninException? Silence => Failure ?? Poll.NodeFault
        ?? (Asked.Count > 0 && Poll.Faults.Count == Asked.Count && Poll.Faults.Values.All(f => f.Fault is MuninFault.Timeout or MuninFault.ConnectionClosed) ? Poll.Faults.Values.First() : null);

    /// <summary>The node, as messages call it.</summary>
    public string Node => $"{Host}'s munin-node";

    /// <summary>The plugin that gives a graph, sub-graphs included; null: the node has none.</summary>
    public string? PluginOf(string graph)
    {
        var root = graph.Split('.')[0];
        return Plugins.Contains(root) ? root : PluginOfGraph.GetValueOrDefault(root);
    }

    /// <param name="name"><c>plugin.field</c>, or <c>graph.field</c> of a multigraph.</param>
    public Figure Field(string name)
    {
        var (graph, field) = Split(name);
        if (Poll.Readings.TryGetValue(name, out var reading))
            return reading.Value is { } value ? Figure.Known(value, reading.At) : Figure.Unknown($"{name} of {Node}: {reading.UnknownBecause}");
        if (PluginOf(graph) is not { } plugin) return Figure.Unknown(Lacks(graph));
        return Figure.Unknown(WhySilent(plugin) ?? $"plugin `{plugin}` of {Node} has no field `{(plugin == graph ? field : name)}`");
    }

    /// <summary>Why a plugin says nothing: it is not there, was not asked, or failed; null: it answered.</summary>
    public string? WhySilent(string plugin) =>
        !Plugins.Contains(plugin) ? Lacks(plugin)
        : Poll.Faults.TryGetValue(plugin, out var fault) ? fault.Message
        : Asked.Contains(plugin) ? null
        : $"{Node} has not been asked for plugin `{plugin}` yet";

    public bool Has(string name) => Poll.Readings.ContainsKey(name);

    public string Lacks(string graph) => $"{Node} has no plugin `{graph.Split('.')[0]}`";

    /// <summary>The last dot parts graph and field: fields have none in their names.</summary>
    public static (string Graph, string Field) Split(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
    }
}
