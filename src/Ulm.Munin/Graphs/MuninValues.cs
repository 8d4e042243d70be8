namespace Ulm.Munin;

/// <summary>A raw value as a plugin sent it.</summary>
/// <param name="Value">The number, or null if unknown.</param>
/// <param name="Integer">The same number exactly, if it is whole and within 64 bits; a double loses counters above 2^53.</param>
/// <param name="At">When it was measured: the plugin's own stamp (<c>epoch:value</c>), else when its answer began to arrive.</param>
/// <param name="UnknownBecause">Why there is no value; null if there is one.</param>
public readonly record struct MuninValue(string Field, double? Value, Int128? Integer, DateTimeOffset At, string? UnknownBecause = null);

/// <summary>The values of one graph, in the order sent. A field may come more than once, with several stamps.</summary>
/// <param name="CapturedAt">When the answer began to arrive; munin-node sends nothing before the plugin has ended.</param>
public sealed record MuninValues(string Graph, DateTimeOffset CapturedAt, IReadOnlyList<MuninValue> Values);
