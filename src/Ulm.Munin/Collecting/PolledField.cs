namespace Ulm.Munin;

/// <summary>One field between two polls: its name in the poll, its rate, and the reading not yet handed over. Not thread-safe.</summary>
internal sealed class PolledField(string key, MuninField field, TimeSpan maxGap)
{
    /// <summary>How far ahead of ours a node's clock may be before its stamps are no longer believed.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    private readonly RateCalculator _rate = new(field.Type, field.Min, field.Max, maxGap);
    private MuninReading? _reading;

    public string Key => key;

    public bool IsMeasuredAs(MuninField other) => (field.Type, field.Min, field.Max) == (other.Type, other.Min, other.Max);

    public void Take(in MuninValue value, DateTimeOffset now)
    {
        if (value.At - now > MaxAhead)
        {
            _rate.Reset("the last sample was stamped in the future");
            _reading = MuninReading.Unknown(now,
                $"stamped {value.At:u}, {(value.At - now).TotalSeconds:0} s ahead of this machine's clock");
            return;
        }
        _reading = _rate.Next(value);
    }

    public void ResetRate(string because) => _rate.Reset(because);

    public MuninReading TakeReading(DateTimeOffset now, string missing)
    {
        var reading = _reading ?? MuninReading.Unknown(now, missing);
        _reading = null;
        return reading;
    }
}
