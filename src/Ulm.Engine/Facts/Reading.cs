namespace Ulm.Engine.Facts;

/// <summary>What is known of one fact at one instant: a value with the time it was captured, or unknown with the cause.</summary>
/// <remarks>Kept small, and causes in figures until somebody reads them: there are a million of these on a large site, new at every poll.</remarks>
public readonly record struct Reading
{
    private static readonly string Stale = new("stale");

    private readonly long _at;
    private readonly string? _cause;

    /// <summary>Known: seconds from the oldest sample it rests on to the newest. Stale: its age, seconds.</summary>
    private readonly float _span;

    /// <summary>Known: its error, in the unit of the value. Stale: the limit of age, seconds.</summary>
    private readonly float _error;

    private Reading(double value, DateTimeOffset at, string? cause, float span, float error) =>
        (Value, _at, _cause, _span, _error) = (value, at.UtcTicks, cause, span, error);

    /// <summary>In the unit of what was read; NaN when unknown, so that a comparison nobody guarded is false.</summary>
    public double Value { get; }

    /// <summary>When the newest sample was captured that it rests on.</summary>
    public DateTimeOffset At => new(_at, TimeSpan.Zero);

    /// <summary>When the oldest sample was captured that it rests on: for a single value the same as <see cref="At"/>.</summary>
    public DateTimeOffset Since => _span > 0 && IsKnown ? At - TimeSpan.FromMilliseconds(Math.Round(_span * 1000.0)) : At;

    /// <summary>How far off it was in the mean when such values could be checked later, in the unit of the value; null where that is not known.</summary>
    public double? Error => IsKnown && !float.IsNaN(_error) ? _error : null;

    /// <summary>Null when known.</summary>
    public string? UnknownBecause => ReferenceEquals(_cause, Stale)
        ? $"last measured {Show.Duration(TimeSpan.FromSeconds(_span))} ago, stale after {Show.Duration(TimeSpan.FromSeconds(_error))}"
        : _cause;

    public bool IsKnown => _cause is null;

    public static Reading Known(double value, DateTimeOffset at) => new(value, at, null, 0, float.NaN);

    /// <param name="since">When the oldest sample was captured that it rests on.</param>
    /// <param name="error">Null: not known.</param>
    public static Reading Known(double value, DateTimeOffset at, DateTimeOffset since, double? error = null) =>
        new(value, at, null, (float)(at - since).TotalSeconds, (float)(error ?? double.NaN));

    public static Reading Unknown(string because) => new(double.NaN, DateTimeOffset.MinValue, because, 0, 0);

    /// <summary>Unknown, as the newest sample is too old.</summary>
    public static Reading TooOld(DateTimeOffset measured, TimeSpan age, TimeSpan limit) =>
        new(double.NaN, measured, Stale, (float)age.TotalSeconds, (float)limit.TotalSeconds);

    public static Reading Yes(bool answer, DateTimeOffset at) => Known(answer ? 1 : 0, at);
}
