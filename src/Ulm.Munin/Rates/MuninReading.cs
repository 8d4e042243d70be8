namespace Ulm.Munin;

/// <summary>A usable number, or the reason why there is none. Exactly one of Value and UnknownBecause is set.</summary>
/// <param name="Value">GAUGE: the value as sent. All other types: per second.</param>
/// <param name="At">When the value it rests on was measured.</param>
public readonly record struct MuninReading(double? Value, DateTimeOffset At, string? UnknownBecause)
{
    internal static MuninReading Unknown(DateTimeOffset at, string because) => new(null, at, because);
}
