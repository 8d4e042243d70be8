namespace Ulm.Server.Live;

/// <summary>A number that was measured, with its time; or why there is none. Whatever is made of an unknown one is unknown for the same reason.</summary>
internal readonly record struct Figure
{
    private Figure(double value, DateTimeOffset at, string? because) => (Value, At, UnknownBecause) = (value, at, because);

    /// <summary>NaN where unknown.</summary>
    public double Value { get; }

    public DateTimeOffset At { get; }

    /// <summary>Null where known.</summary>
    public string? UnknownBecause { get; }

    public bool IsKnown => UnknownBecause is null;

    public static Figure Known(double value, DateTimeOffset at) => new(value, at, null);

    public static Figure Unknown(string because) => new(double.NaN, default, because);

    /// <returns>As old as the oldest of them; unknown where there are none.</returns>
    public static Figure Sum(IReadOnlyCollection<Figure> parts, string ifNone)
    {
        if (parts.Count == 0) return Unknown(ifNone);
        var unknown = parts.FirstOrDefault(p => !p.IsKnown);
        return unknown.UnknownBecause is not null ? unknown : Known(parts.Sum(p => p.Value), parts.Min(p => p.At));
    }

    /// <param name="factor">To another unit.</param>
    public Figure Times(double factor) => IsKnown ? Known(Value * factor, At) : this;

    /// <summary>Per cent of a whole; as old as this figure.</summary>
    public Figure PercentOf(Figure whole) =>
        !IsKnown ? this
        : !whole.IsKnown ? whole
        : whole.Value > 0 ? Known(Value / whole.Value * 100, At)
        : Unknown("the fields that it is a share of add up to nothing");
}
