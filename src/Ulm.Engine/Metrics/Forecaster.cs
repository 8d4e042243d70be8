namespace Ulm.Engine.Metrics;

/// <summary>What a value is expected to be.</summary>
/// <param name="Error">How far off forecasts this far ahead were in the mean, once their time had come; NaN: none has yet.</param>
/// <param name="Since">The oldest of the recent samples that it rests on.</param>
/// <param name="EarlierDays">On how many earlier days the same time was measured.</param>
public readonly record struct Forecast(double Value, double Error, DateTimeOffset Since, int EarlierDays);

/// <summary>
/// Says what an attribute of a subject will be some time ahead: the mean of the same time on earlier days, moved by how far today is off
/// those days, blended with the trend of the last half hour. Each of the two counts the more the less it was off before. Not thread-safe.
/// </summary>
/// <param name="horizons">How far ahead it is asked.</param>
public sealed class Forecaster(IReadOnlyCollection<TimeSpan> horizons)
{
    /// <summary>Steps of five minutes that the trend is read from, and how many of them have to be measured.</summary>
    public const int TrendSteps = 6;
    public const int TrendStepsNeeded = 3;

    /// <summary>A trend does not go on for ever: from here on it levels off.</summary>
    private static readonly TimeSpan TrendLasts = TimeSpan.FromHours(1);

    /// <summary>What sets today apart from earlier days wears off like this.</summary>
    private static readonly TimeSpan DifferenceLasts = TimeSpan.FromHours(2);

    private readonly DailyMeans _means = new();
    private List<TrackRecord> _records = [.. horizons.Select(h => new TrackRecord(h))];

    /// <summary>From here on these horizons are asked for; what is known of those that stay is kept.</summary>
    public void Forecast(IReadOnlyCollection<TimeSpan> horizons) =>
        _records = [.. horizons.Select(h => _records.Find(r => r.Horizon == h) ?? new TrackRecord(h))];

    public void Add(Sample sample)
    {
        if (_means.Add(sample) is not { } completed) return;
        foreach (var record in _records)
        {
            record.Came(completed, _means[completed]);
            if (Parts(DailyMeans.StartOf(completed), record.Horizon) is { } parts) record.Said(completed, parts.Trend, parts.Daily);
        }
    }

    /// <summary>How many of the last <see cref="TrendSteps"/> steps were measured.</summary>
    public int RecentSteps(DateTimeOffset at) => Recent(at).Count(s => !double.IsNaN(_means[s]));

    /// <returns>Null: too little was measured of late.</returns>
    public Forecast? At(DateTimeOffset at, TimeSpan horizon)
    {
        if (Parts(at, horizon) is not { } parts) return null;
        var record = _records.Find(r => r.Horizon == horizon);
        var weight = record?.WeightOfDaily ?? TrackRecord.Even;
        var value = double.IsNaN(parts.Daily) ? parts.Trend : weight * parts.Daily + (1 - weight) * parts.Trend;
        return new Forecast(value, record?.Error ?? double.NaN, parts.Since, parts.EarlierDays);
    }

    private (double Trend, double Daily, DateTimeOffset Since, int EarlierDays)? Parts(DateTimeOffset at, TimeSpan horizon)
    {
        var (line, measured, oldest, now) = (new StraightLine(), 0, long.MaxValue, DailyMeans.StepOf(at));
        foreach (var step in Recent(at))
        {
            var mean = _means[step];
            if (double.IsNaN(mean)) continue;
            line.Add(step - now, mean);
            oldest = Math.Min(oldest, step);
            measured++;
        }

        if (measured < TrendStepsNeeded) return null;
        var level = line.At(0);
        var stepsAhead = TrendLasts / DailyMeans.Step * (1 - Math.Exp(-(horizon / TrendLasts)));
        var (daily, days) = OnEarlierDays(DailyMeans.StepOf(at + horizon), horizon);
        var (today, _) = OnEarlierDays(now, TimeSpan.Zero);
        if (!double.IsNaN(today)) daily += (level - today) * Math.Exp(-(horizon / DifferenceLasts));
        return (level + line.Slope * stepsAhead, daily, DailyMeans.StartOf(oldest), days);
    }

    /// <summary>The step at an instant and those before it. The present one counts as soon as anything was measured in it.</summary>
    private static IEnumerable<long> Recent(DateTimeOffset at)
    {
        var now = DailyMeans.StepOf(at);
        for (var back = 0; back < TrendSteps; back++) yield return now - back;
    }

    private (double Mean, int Days) OnEarlierDays(long step, TimeSpan horizon)
    {
        var (sum, days) = (0.0, 0);
        for (var back = 1 + (int)(horizon / TimeSpan.FromDays(1)); back <= DailyMeans.Days; back++)
        {
            var mean = _means[step - back * DailyMeans.StepsADay];
            if (double.IsNaN(mean)) continue;
            sum += mean;
            days++;
        }

        return (days == 0 ? double.NaN : sum / days, days);
    }
}
