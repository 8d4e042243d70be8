namespace Ulm.Engine.Facts;

/// <summary>What is known of one attribute at one instant: a value with the time it was captured, or unknown with the cause.</summary>
public readonly record struct Reading
{
    private Reading(double value, DateTimeOffset at, string? cause)
    {
        Value = value;
        At = at;
        UnknownBecause = cause;
    }

    /// <summary>In the attribute's unit; NaN when unknown, so that a comparison nobody guarded is false.</summary>
    public double Value { get; }

    public DateTimeOffset At { get; }

    /// <summary>Null when known.</summary>
    public string? UnknownBecause { get; }

    public bool IsKnown => UnknownBecause is null;

    public static Reading Known(double value, DateTimeOffset at) => new(value, at, null);

    public static Reading Unknown(string because) => new(double.NaN, DateTimeOffset.MinValue, because);
}
