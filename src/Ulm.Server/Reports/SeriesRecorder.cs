using Ulm.Engine.Inventory;
using Ulm.Engine.Simulation;
using Ulm.Server.Commands;

namespace Ulm.Server.Reports;

/// <summary>Follows a simulation by what goes into its totals, so that the curves of a report add up to them.</summary>
internal sealed class SeriesRecorder
{
    private readonly ReportColumns _columns;
    private readonly Dictionary<string, HostTime[]> _hosts;
    private readonly double[] _hostSeconds;
    private readonly double[] _joules;
    private readonly double[] _joulesWithout;
    private readonly int _onAtStart;

    public SeriesRecorder(SimulationSettings settings)
    {
        _columns = ReportColumns.Of(settings);
        var count = _columns.Count;
        (_hostSeconds, _joules, _joulesWithout) = (new double[count], new double[count], new double[count]);
        _hosts = settings.Snapshot.Site.Hosts.ToDictionary(h => h.Name, _ => new HostTime[count], StringComparer.Ordinal);
        _onAtStart = settings.Snapshot.Site.Hosts.Count(h => h.State != HostState.Off);
    }

    public void Take(MeteredStretch stretch)
    {
        var at = stretch.From - _columns.From;
        var end = at + stretch.Length;
        while (at < end)
        {
            var column = Math.Clamp((int)(at.Ticks / _columns.Width.Ticks), 0, _columns.Count - 1);
            var until = column == _columns.Count - 1 ? end : new[] { end, _columns.Width * (column + 1) }.Min();
            Add(stretch, column, (until - at).TotalSeconds);
            at = until;
        }
    }

    public RunSeries Series() => new(
        _onAtStart, [.. Means(_hostSeconds, 2)], [.. Means(_joules, 1)], [.. Means(_joulesWithout, 1)],
        new SortedDictionary<string, string>(_hosts.ToDictionary(h => h.Key, h => string.Concat(h.Value.Select(t => t.Letter))), StringComparer.Ordinal));

    private IEnumerable<double> Means(double[] sums, int digits) => sums.Select((s, i) => Math.Round(s / _columns.Length(i).TotalSeconds, digits));

    private void Add(MeteredStretch stretch, int column, double seconds)
    {
        _joules[column] += stretch.Watts * seconds;
        _joulesWithout[column] += stretch.WattsWithoutPolicies * seconds;
        foreach (var host in stretch.Hosts)
        {
            if (host.State is not (HostState.Off or HostState.Unreachable)) _hostSeconds[column] += seconds;
            if (!_hosts.TryGetValue(host.Name, out var times)) continue;
            ref var time = ref times[column];
            if (host.State == HostState.Off) time.Off += seconds;
            else if (host.State is HostState.On or HostState.Draining or HostState.Maintenance)
            {
                time.On += seconds;
                time.Busy += Math.Min(1, stretch.MipsUsed.GetValueOrDefault(host.Name) / host.CpuCapacity) * seconds;
            }
            else if (host.State == HostState.Unreachable) time.Silent += seconds;
            else time.Between += seconds;
        }
    }

    /// <summary>Seconds that a host spent in one column.</summary>
    private struct HostTime
    {
        public double On;
        public double Off;
        public double Between;
        public double Silent;

        /// <summary>CPU as a fraction, times seconds.</summary>
        public double Busy;

        /// <summary>What it was for most of the column; CPU is the mean over the time it was on.</summary>
        public readonly char Letter => On > 0 && On >= Math.Max(Silent, Math.Max(Off, Between)) ? HeatLetter.Of(Busy / On)
            : Silent > Math.Max(Off, Between) ? HeatLetter.Silent
            : Between > Off ? HeatLetter.Between : HeatLetter.Off;
    }
}
