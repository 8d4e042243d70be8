namespace Ulm.Munin;

/// <summary>What one poll of a node brought. Immutable.</summary>
/// <param name="CapturedAt">When the poll ended; each reading has its own time.</param>
/// <param name="Readings">
/// By <c>plugin.field</c>, or <c>graph.field</c> for the graphs of a multigraph plugin. A field that is configured but gave nothing
/// is there as unknown, with the cause; also those of a plugin at fault, as far as its fields are known.
/// </param>
/// <param name="Faults">By plugin. A plugin may have both a fault and readings.</param>
public sealed record MuninPoll(DateTimeOffset CapturedAt, IReadOnlyDictionary<string, MuninReading> Readings,
    IReadOnlyDictionary<string, MuninException> Faults)
{
    /// <summary>Set if no connection to the node could be had, so that no plugin says anything.</summary>
    public MuninException? NodeFault => Faults.Values.FirstOrDefault(f => f.IsNodeWide);
}
