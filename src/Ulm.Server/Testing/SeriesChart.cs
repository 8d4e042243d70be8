using Ulm.Dsl.Policies;
using Ulm.Engine;

namespace Ulm.Server.Testing;

/// <summary>A series around one minute, a letter a minute.</summary>
/// <param name="Title"><c>host h1 cpu, 11m to 26m, 50% to 90%</c></param>
/// <param name="Letters">From the lowest value of the stretch, <c>▁</c>, to the highest, <c>█</c>; <c>_</c> for a missed poll.</param>
/// <param name="Mark">Which of the letters belongs to the minute in question.</param>
/// <param name="Value">That was measured then, in words.</param>
internal sealed record SeriesChart(string Title, string Letters, int Mark, string Value)
{
    private const string Heights = "▁▂▃▄▅▆▇█";
    private const int Before = 20, After = 5;

    /// <param name="minutes">Length of the test.</param>
    public static SeriesChart Of(TestSeries series, int minute, int minutes)
    {
        var first = Math.Max(0, minute - Before);
        var last = Math.Max(minute, Math.Min(minutes, minute + After));
        var values = Enumerable.Range(first, last - first + 1).Select(m => TestScript.ValueAt(series, m)).ToList();
        var known = values.OfType<double>().DefaultIfEmpty().ToList();
        var (low, high) = (known.Min(), known.Max());
        var range = low == high ? In(low) : $"{In(low)} to {In(high)}";
        var kind = series.Attribute.Subject == SubjectKind.Vm ? "vm" : "host";
        var title = $"{kind} {series.Subject} {series.Attribute.Name[(kind.Length + 1)..]}, {Minutes(first)} to {Minutes(last)}, {range}";
        return new SeriesChart(title, string.Concat(values.Select(Letter)), minute - first, values[minute - first] is { } at ? In(at) : "missed");

        char Letter(double? value) => value is not { } v ? '_' : high > low ? Heights[(int)Math.Round((v - low) / (high - low) * (Heights.Length - 1))] : Heights[Heights.Length / 2];
        string In(double value) => Show.Value(value, series.Attribute.Unit);
    }

    /// <summary>The mark below the letters, with minute and value: <c>^ 90% at 21m</c>.</summary>
    public string MarkLine(int minute) => $"{new string(' ', Mark)}^ {Value} at {Minutes(minute)}";

    /// <summary>As a policy writes it: <c>0m</c>, <c>21m</c>, <c>2h5m</c>.</summary>
    public static string Minutes(int minutes) => minutes < 120 ? $"{minutes}m" : minutes % 60 == 0 ? $"{minutes / 60}h" : $"{minutes / 60}h{minutes % 60}m";
}
