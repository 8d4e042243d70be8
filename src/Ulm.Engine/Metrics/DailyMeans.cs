namespace Ulm.Engine.Metrics;

/// <summary>Means of five minutes each, of the last seven days: what "the same time on earlier days" is read from. 8 KiB each. Not thread-safe.</summary>
internal sealed class DailyMeans
{
    public const int Days = 7;

    public static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    /// <summary>Steps of a day.</summary>
    public const int StepsADay = 288;

    private readonly float[] _means = new float[Days * StepsADay];
    private double _sum;
    private int _count;

    public DailyMeans() => Array.Fill(_means, float.NaN);

    /// <summary>The step that is being filled; -1: none yet.</summary>
    public long Current { get; private set; } = -1;

    public static long StepOf(DateTimeOffset at) => at.UtcTicks / Step.Ticks;

    public static DateTimeOffset StartOf(long step) => new(step * Step.Ticks, TimeSpan.Zero);

    /// <returns>The step that was completed by this sample; null: none.</returns>
    public long? Add(Sample sample)
    {
        var step = StepOf(sample.At);
        if (step < Current) return null;
        long? completed = step > Current && _count > 0 ? Current : null;
        if (step > Current)
        {
            // What lies between was not measured; and what stood here is a week old.
            for (var passed = Math.Max(Current + 1, step - _means.Length + 1); passed <= step; passed++) _means[passed % _means.Length] = float.NaN;
            (Current, _sum, _count) = (step, 0, 0);
        }

        _sum += sample.Value;
        _count++;
        _means[step % _means.Length] = (float)(_sum / _count);
        return completed;
    }

    /// <summary>NaN: not measured, or not within the last seven days.</summary>
    public double this[long step] => step > Current || step <= Current - _means.Length || step < 0 ? double.NaN : _means[step % _means.Length];
}
