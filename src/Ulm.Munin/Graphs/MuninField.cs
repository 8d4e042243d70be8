namespace Ulm.Munin;

/// <summary>How a field's raw values become readings; RRDtool's data source types, see <see cref="RateCalculator"/>.</summary>
public enum MuninFieldType { Gauge, Derive, Counter, Absolute }

/// <summary>
/// One data source of a graph, as <c>config</c> describes it. Immutable.
/// Protocol: https://guide.munin-monitoring.org/en/latest/reference/plugin.html (field attributes).
/// </summary>
/// <param name="Min">Lowest believable reading, after the raw value became a rate; null for no limit.</param>
/// <param name="Max">Highest believable reading, likewise.</param>
/// <param name="Cdef">RPN expression for munin's own graphs; handed on, not evaluated.</param>
/// <param name="Attributes">All attributes as sent, those above included, by name.</param>
public sealed record MuninField(string Name, string Label, MuninFieldType Type, double? Min, double? Max, string? Cdef, string? Draw,
    IReadOnlyDictionary<string, string> Attributes);

/// <summary>A graph of a plugin: one per plugin, several where it says <c>multigraph</c>. Immutable.</summary>
/// <param name="Name">The plugin's name, or what follows <c>multigraph</c>, for example <c>diskstats_iops.sda</c>.</param>
/// <param name="Attributes">Graph attributes as sent: <c>graph_title</c>, <c>graph_order</c>, <c>host_name</c>, ...</param>
/// <param name="Values">Values sent along with the configuration (dirtyconfig), or null if none were.</param>
public sealed record MuninGraph(string Name, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<MuninField> Fields,
    MuninValues? Values)
{
    public string? Title => Attributes.GetValueOrDefault("graph_title");
}
