namespace Ulm.Engine.Metrics;

/// <summary>One measured value and when it was captured.</summary>
public readonly record struct Sample(DateTimeOffset At, double Value);

/// <summary>The samples of one attribute of one subject over a time up to the latest, oldest first, as a ring that grows as they need. Not thread-safe.</summary>
/// <param name="keep">Samples older than the latest by this or more go when a new one comes.</param>
public sealed class SampleWindow(TimeSpan keep)
{
    // Two arrays and no array of samples: of these there is one for each host and attribute that rules look back on.
    private long[] _at = new long[4];
    private double[] _values = new double[4];
    private int _start;

    public int Count { get; private set; }

    /// <summary>May be raised or lowered at any time; what is gone does not come back.</summary>
    public TimeSpan Keep { get; set; } = keep;

    public Sample? Latest => Count == 0 ? null : this[Count - 1];

    /// <param name="index">0 is the oldest kept.</param>
    public Sample this[int index] => new(new DateTimeOffset(TicksAt(index), TimeSpan.Zero), ValueAt(index));

    internal long TicksAt(int index) => _at[(_start + index) & (_at.Length - 1)];

    internal double ValueAt(int index) => _values[(_start + index) & (_at.Length - 1)];

    /// <summary>Adds a sample. One that is not newer than the latest is dropped: time does not run backwards for a rule.</summary>
    public void Add(Sample sample)
    {
        var ticks = sample.At.UtcTicks;
        if (Count > 0 && ticks <= TicksAt(Count - 1)) return;
        while (Count > 0 && TicksAt(0) <= ticks - Keep.Ticks) DropOldest();
        if (Count == _at.Length) Grow();
        var end = (_start + Count) & (_at.Length - 1);
        (_at[end], _values[end]) = (ticks, sample.Value);
        Count++;
    }

    /// <summary>The index of the first sample captured after an instant; <see cref="Count"/>: none was.</summary>
    public int FirstAfter(DateTimeOffset instant)
    {
        var (low, high, ticks) = (0, Count, instant.UtcTicks);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (TicksAt(middle) <= ticks) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void DropOldest()
    {
        _start = (_start + 1) & (_at.Length - 1);
        Count--;
    }

    private void Grow()
    {
        var (at, values) = (new long[_at.Length * 2], new double[_at.Length * 2]);
        for (var i = 0; i < Count; i++) (at[i], values[i]) = (TicksAt(i), ValueAt(i));
        (_at, _values, _start) = (at, values, 0);
    }
}
