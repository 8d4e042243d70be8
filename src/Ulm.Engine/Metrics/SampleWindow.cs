namespace Ulm.Engine.Metrics;

/// <summary>One measured value and when it was captured.</summary>
public readonly record struct Sample(DateTimeOffset At, double Value);

/// <summary>The newest samples of one attribute of one subject, oldest first, as a ring that grows to its limit. Not thread-safe.</summary>
public sealed class SampleWindow(int capacity)
{
    private Sample[] _ring = new Sample[Math.Min(4, capacity)];
    private int _start;

    public int Count { get; private set; }

    public Sample? Latest => Count == 0 ? null : this[Count - 1];

    /// <param name="index">0 is the oldest kept.</param>
    public Sample this[int index] => _ring[(_start + index) % _ring.Length];

    /// <summary>Adds a sample. One that is not newer than the latest is dropped: time does not run backwards for a rule.</summary>
    public void Add(Sample sample)
    {
        if (Count > 0 && sample.At <= this[Count - 1].At) return;
        if (Count == _ring.Length && _ring.Length < capacity) Grow();
        if (Count < _ring.Length)
        {
            _ring[(_start + Count) % _ring.Length] = sample;
            Count++;
            return;
        }

        _ring[_start] = sample;
        _start = (_start + 1) % _ring.Length;
    }

    private void Grow()
    {
        var larger = new Sample[Math.Min(_ring.Length * 2, capacity)];
        for (var i = 0; i < Count; i++) larger[i] = this[i];
        _ring = larger;
        _start = 0;
    }
}
