using Ulm.Server.Commands;

namespace Ulm.Server.Reports;

/// <summary>How a run's time is cut into columns: few enough to be seen, and of a length that people count in.</summary>
/// <param name="Width">Of each column; the last may be cut short by the end of the run.</param>
internal sealed record ReportColumns(DateTimeOffset From, TimeSpan Duration, TimeSpan Width)
{
    /// <summary>More could not be told apart on a screen; a day in steps of five minutes fits.</summary>
    private const int Most = 300;

    private static readonly int[] Minutes = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440];

    public int Count => (int)Math.Ceiling(Duration / Width);

    public static ReportColumns Of(SimulationSettings settings)
    {
        var least = new[] { settings.Step, settings.Duration / Most }.Max();
        var minutes = Minutes.FirstOrDefault(m => TimeSpan.FromMinutes(m) >= least, (int)Math.Ceiling(least.TotalDays) * 1440);
        // Of short runs each look has its own column, however short its step.
        var width = settings.Duration / settings.Step <= Most ? settings.Step : TimeSpan.FromMinutes(minutes);
        return new ReportColumns(settings.From, settings.Duration, width);
    }

    /// <summary>How long a column lasts.</summary>
    public TimeSpan Length(int column) => column < Count - 1 ? Width : Duration - Width * (Count - 1);
}
