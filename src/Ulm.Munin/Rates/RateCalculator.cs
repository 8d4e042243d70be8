using System.Globalization;

namespace Ulm.Munin;

/// <summary>
/// Turns the raw values of one field into readings. GAUGE as it is; DERIVE and COUNTER by the difference over the time between the two
/// captures; ABSOLUTE (reset by reading) by the value over that time. All in units per second. Reads no clock: only the stamps of the
/// values count. Types and limits mean what they mean to RRDtool (rrdcreate, DS): limits apply to the rate, and U ends a series, so
/// that the value after it has nothing to be compared with. Values need not be whole, unlike RRDtool's.
/// Not thread-safe; hand values over in order.
/// </summary>
/// <param name="maxGap">Values further apart are not compared: their mean says nothing about now (RRDtool's heartbeat).</param>
public sealed class RateCalculator(MuninFieldType type, double? min, double? max, TimeSpan maxGap)
{
    private const string NeedsTwo = "a rate needs two samples, this is the first";

    private MuninValue? _before;
    private MuninReading _last;
    private string _noBefore = NeedsTwo;

    /// <summary>Takes the next value. The same capture time again repeats the reading; an earlier one starts a new series.</summary>
    public MuninReading Next(in MuninValue sample)
    {
        if (_before is { } before && sample.At == before.At && type != MuninFieldType.Gauge) return _last;
        _last = Judge(sample);
        return _last;
    }

    /// <summary>Forgets the last value; the next one gets no rate, for this reason.</summary>
    public void Reset(string because) => (_before, _noBefore) = (null, because);

    private MuninReading Judge(in MuninValue sample)
    {
        if (sample.Value is not { } value)
        {
            Reset($"{NeedsTwo} since an unknown one");
            return MuninReading.Unknown(sample.At, sample.UnknownBecause ?? "unknown");
        }
        if (type == MuninFieldType.Gauge) return WithinLimits(value, sample.At);
        if (type != MuninFieldType.Derive && value < 0)
        {
            Reset($"{NeedsTwo} since a negative one");
            return MuninReading.Unknown(sample.At, $"{Name} can't be negative: {Text(value)}");
        }
        if (_before is not { } before)
        {
            _before = sample;
            return MuninReading.Unknown(sample.At, _noBefore);
        }
        _before = sample;
        var gap = sample.At - before.At;
        if (gap <= TimeSpan.Zero) return MuninReading.Unknown(sample.At, $"captured {Text(-gap.TotalSeconds)} s before the last sample");
        if (gap > maxGap)
            return MuninReading.Unknown(sample.At,
                $"captured {Text(gap.TotalSeconds)} s after the last sample, more than {Text(maxGap.TotalSeconds)} s");
        if (type == MuninFieldType.Absolute) return WithinLimits(value / gap.TotalSeconds, sample.At);
        return Step(before, sample) is { } step
            ? WithinLimits(step / gap.TotalSeconds, sample.At)
            : MuninReading.Unknown(sample.At, $"{Name} fell from {Text(before)} to {Text(sample)}: restarted");
    }

    /// <summary>Null for a restart. Whole numbers are subtracted as such; in doubles a 64-bit counter would stand still.</summary>
    private double? Step(in MuninValue before, in MuninValue now)
    {
        if (before.Integer is { } from && now.Integer is { } to)
        {
            if (type == MuninFieldType.Counter) return (double?)CounterStep.Between(from, to);
            return to < from && min >= 0 ? null : (double)(to - from);
        }
        var step = now.Value!.Value - before.Value!.Value;
        return step < 0 && (type == MuninFieldType.Counter || min >= 0) ? null : step;
    }

    private MuninReading WithinLimits(double value, DateTimeOffset at) =>
        value < min ? MuninReading.Unknown(at, $"{Text(value)} is below the plugin's minimum of {Text(min.Value)}")
        : value > max ? MuninReading.Unknown(at, $"{Text(value)} is above the plugin's maximum of {Text(max.Value)}")
        : double.IsFinite(value) ? new(value, at, null)
        : MuninReading.Unknown(at, "the rate is too large to be a number");

    private string Name => type switch { MuninFieldType.Derive => "DERIVE", MuninFieldType.Counter => "COUNTER", _ => "ABSOLUTE" };

    private static string Text(in MuninValue value) =>
        value.Integer is { } whole ? whole.ToString(CultureInfo.InvariantCulture) : Text(value.Value!.Value);

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
