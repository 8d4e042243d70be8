namespace Ulm.PlanetLab.Reference;

/// <summary>Says whether a host counts as overloaded.</summary>
internal interface IDetector
{
    /// <summary>False: the history is not looked at, and need not be added up.</summary>
    bool ReadsHistory { get; }

    /// <param name="utilisation">What all VMs of the host ask for, as a share of its CPU; may be above 1.</param>
    /// <param name="history">The same at the last ticks for the VMs that are there now, newest first, without the zeros at its end.</param>
    bool Fires(double utilisation, ReadOnlySpan<double> history);
}

/// <summary>The policies of the experiment, each with the parameter the paper found best. All select by least memory (MMT).</summary>
internal static class Detectors
{
    public static readonly IReadOnlyDictionary<string, IDetector> ByPolicy = new Dictionary<string, IDetector>(StringComparer.Ordinal)
    {
        ["THR-MMT-0.8"] = new Threshold(0.8),
        ["MAD-MMT-2.5"] = new MedianDeviation(2.5),
        ["IQR-MMT-1.5"] = new InterquartileRange(1.5),
        ["LR-MMT-1.2"] = new LocalRegression(1.2),
    };

    /// <summary>What those that look at the history do while it is too short.</summary>
    private static readonly Threshold Fallback = new(0.7);

    private sealed record Threshold(double Mark) : IDetector
    {
        public bool ReadsHistory => false;

        public bool Fires(double utilisation, ReadOnlySpan<double> history) => utilisation > Mark;
    }

    private sealed record MedianDeviation(double Safety) : IDetector
    {
        private const int Least = 12;

        public bool ReadsHistory => true;

        public bool Fires(double utilisation, ReadOnlySpan<double> history)
        {
            if (history.Length < Least) return Fallback.Fires(utilisation, history);
            var values = history.ToArray();
            var median = Median(values);
            return utilisation > 1 - Safety * Median([.. values.Select(v => Math.Abs(v - median))]);
        }

        private static double Median(double[] values)
        {
            Array.Sort(values);
            var middle = values.Length / 2;
            return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        }
    }

    private sealed record InterquartileRange(double Safety) : IDetector
    {
        private const int Least = 12;

        public bool ReadsHistory => true;

        public bool Fires(double utilisation, ReadOnlySpan<double> history)
        {
            if (history.Length < Least) return Fallback.Fires(utilisation, history);
            var values = history.ToArray();
            Array.Sort(values);
            return utilisation > 1 - Safety * (Quartile(values, 0.75) - Quartile(values, 0.25));
        }

        private static double Quartile(double[] sorted, double share) => sorted[(int)Math.Floor(share * (sorted.Length + 1) + 0.5) - 1];
    }

    /// <summary>A straight line through the newest values, and where it will be when the longest move has ended: one tick on.</summary>
    private sealed record LocalRegression(double Safety) : IDetector
    {
        private const int Points = 10;

        public bool ReadsHistory => true;

        public bool Fires(double utilisation, ReadOnlySpan<double> history)
        {
            if (history.Length < Points) return Fallback.Fires(utilisation, history);
            var (meanX, meanY) = ((Points + 1) / 2.0, 0.0);
            for (var i = 0; i < Points; i++) meanY += history[i] / Points;
            var (xx, xy) = (0.0, 0.0);
            for (var i = 0; i < Points; i++)
            {
                var x = Points - i - meanX;
                xx += x * x;
                xy += x * (history[i] - meanY);
            }

            return Safety * (meanY + xy / xx * (Points + 1 - meanX)) >= 1;
        }
    }
}
