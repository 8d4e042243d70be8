namespace Ulm.Engine.Metrics;

/// <summary>How well forecasts a certain time ahead have come true, and those whose time is still to come.</summary>
internal sealed class TrackRecord(TimeSpan horizon)
{
    public const double Even = 0.5;

    /// <summary>Of what is checked each new one counts for so much: some fifty minutes back still do.</summary>
    private const double Newest = 0.1;

    private readonly (long For, float Trend, float Daily, float Blend)[] _said = new (long, float, float, float)[Math.Max(1, (int)(horizon / DailyMeans.Step)) + 1];
    private double _trendError = double.NaN;
    private double _dailyError = double.NaN;

    public TimeSpan Horizon => horizon;

    /// <summary>Mean absolute error; NaN: none was checked yet.</summary>
    public double Error { get; private set; } = double.NaN;

    /// <summary>From 0 (the trend alone) to 1.</summary>
    public double WeightOfDaily => double.IsNaN(_dailyError) || double.IsNaN(_trendError) || _trendError + _dailyError <= 0 ? Even : _trendError / (_trendError + _dailyError);

    /// <param name="step">The step it was said in.</param>
    /// <param name="daily">NaN: no earlier day is known.</param>
    public void Said(long step, double trend, double daily)
    {
        var target = step + _said.Length - 1;
        var blend = double.IsNaN(daily) ? trend : WeightOfDaily * daily + (1 - WeightOfDaily) * trend;
        _said[target % _said.Length] = (target, (float)trend, (float)daily, (float)blend);
    }

    /// <summary>The time of a forecast has come.</summary>
    public void Came(long step, double value)
    {
        var (target, trend, daily, blend) = _said[step % _said.Length];
        if (target != step) return;
        _trendError = Mixed(_trendError, Math.Abs(trend - value));
        Error = Mixed(Error, Math.Abs(blend - value));
        if (!float.IsNaN(daily)) _dailyError = Mixed(_dailyError, Math.Abs(daily - value));
    }

    private static double Mixed(double before, double now) => double.IsNaN(before) ? now : before + Newest * (now - before);
}
