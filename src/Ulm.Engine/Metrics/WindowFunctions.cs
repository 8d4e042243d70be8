using System.Buffers;
using Ulm.Dsl.Policies;

namespace Ulm.Engine.Metrics;

/// <summary>Functions of the samples of a window. All take the samples from an index on; there has to be one, for a rate two.</summary>
public static class WindowFunctions
{
    private const double TailOfP95 = 0.95;

    public static double Of(TimeFunction function, SampleWindow window, int from) => function switch
    {
        TimeFunction.Avg => Mean(window, from),
        TimeFunction.Min => Extreme(window, from, -1),
        TimeFunction.Max => Extreme(window, from, 1),
        TimeFunction.P95 => NearestRank(window, from, TailOfP95),
        TimeFunction.Rate => Slope(window, from),
        _ => throw new InvalidOperationException($"{function} is no function of a window"),
    };

    private static double Mean(SampleWindow window, int from)
    {
        var sum = 0.0;
        for (var i = from; i < window.Count; i++) sum += window.ValueAt(i);
        return sum / (window.Count - from);
    }

    private static double Extreme(SampleWindow window, int from, int sign)
    {
        var most = window.ValueAt(from);
        for (var i = from + 1; i < window.Count; i++) if (sign * window.ValueAt(i) > sign * most) most = window.ValueAt(i);
        return most;
    }

    private static double NearestRank(SampleWindow window, int from, double share)
    {
        var count = window.Count - from;
        var values = ArrayPool<double>.Shared.Rent(count);
        for (var i = 0; i < count; i++) values[i] = window.ValueAt(from + i);
        var value = Select(values.AsSpan(0, count), (int)Math.Ceiling(share * count) - 1);
        ArrayPool<double>.Shared.Return(values);
        return value;
    }

    /// <summary>The value that would stand at an index if they were sorted (Hoare): long windows are never sorted whole.</summary>
    private static double Select(Span<double> values, int index)
    {
        var (low, high) = (0, values.Length - 1);
        while (low < high)
        {
            var pivot = values[(low + high) / 2];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (values[i] < pivot) i++;
                while (values[j] > pivot) j--;
                if (i > j) break;
                (values[i], values[j]) = (values[j], values[i]);
                i++;
                j--;
            }

            if (index <= j) high = j;
            else if (index >= i) low = i;
            else break;
        }

        return values[index];
    }

    /// <summary>Least squares, per second.</summary>
    private static double Slope(SampleWindow window, int from)
    {
        var line = new StraightLine();
        var zero = window.TicksAt(from);
        for (var i = from; i < window.Count; i++) line.Add((double)(window.TicksAt(i) - zero) / TimeSpan.TicksPerSecond, window.ValueAt(i));
        return line.Slope;
    }
}

/// <summary>A straight line through points, by least squares.</summary>
internal struct StraightLine
{
    private double _n;
    private double _x;
    private double _y;
    private double _xx;
    private double _xy;

    public readonly double Slope => _n * _xx - _x * _x is > 0 and var spread ? (_n * _xy - _x * _y) / spread : 0;

    public void Add(double x, double y)
    {
        _n++;
        _x += x;
        _y += y;
        _xx += x * x;
        _xy += x * y;
    }

    public readonly double At(double x) => (_y + Slope * (_n * x - _x)) / _n;
}
