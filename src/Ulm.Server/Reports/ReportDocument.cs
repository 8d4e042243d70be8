using System.Collections.Immutable;
using Ulm.Engine;

namespace Ulm.Server.Reports;

/// <summary>All that a report's page draws, as its one data block.</summary>
/// <param name="Offsets">The zone's distance from UTC over the run: from each instant on, in seconds of Unix time, so many minutes.</param>
internal sealed record ReportDocument(
    string Schema,
    string Site,
    int Hosts,
    int Vms,
    string Zone,
    ImmutableArray<ReportDocument.Offset> Offsets,
    long From,
    double Seconds,
    double ColumnSeconds,
    string Duration,
    string ColumnText,
    string StepText,
    ImmutableArray<ReportedRun> Runs)
{
    /// <param name="siteFile">Its name is the report's title.</param>
    public static ReportDocument Of(string siteFile, RunSource source, RunSource? compared)
    {
        var settings = source.Run.Settings;
        var columns = ReportColumns.Of(settings);
        var (site, end) = (settings.Snapshot.Site, settings.From + settings.Duration);
        var (first, second) = Labels(source.Paths, compared?.Paths ?? []);
        var runs = ImmutableArray.Create(ReportedRun.Of(source, first));
        if (compared is not null) runs = runs.Add(ReportedRun.Of(compared, second));
        return new ReportDocument(
            "ulm.report/1", Path.GetFileName(siteFile), site.Hosts.Length, site.Vms.Length, settings.Zone.Id, [.. OffsetsOf(settings.Zone, settings.From, end)],
            settings.From.ToUnixTimeSeconds(), settings.Duration.TotalSeconds, columns.Width.TotalSeconds,
            Show.Duration(settings.Duration), Show.Duration(columns.Width), Show.Duration(settings.Step), runs);
    }

    /// <summary>The last part of each path says enough, unless both runs then read the same.</summary>
    private static (string First, string Second) Labels(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var (one, two) = (Short(first), Short(second));
        return one != two ? (one, two) : (string.Join(", ", first), string.Join(", ", second));

        static string Short(IEnumerable<string> paths) => string.Join(", ", paths.Select(p => Path.GetFileName(Path.TrimEndingDirectorySeparator(p))));
    }

    /// <summary>Zones change on whole quarters of an hour. A browser's own table of zones may be older than ours, or miss the zone.</summary>
    private static IEnumerable<Offset> OffsetsOf(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset end)
    {
        var last = zone.GetUtcOffset(from);
        yield return new Offset(from.ToUnixTimeSeconds(), last.TotalMinutes);
        var quarter = TimeSpan.FromMinutes(15);
        for (var at = new DateTimeOffset(from.UtcTicks - from.UtcTicks % quarter.Ticks, TimeSpan.Zero) + quarter; at <= end; at += quarter)
        {
            if (zone.GetUtcOffset(at) == last) continue;
            last = zone.GetUtcOffset(at);
            yield return new Offset(at.ToUnixTimeSeconds(), last.TotalMinutes);
        }
    }

    public sealed record Offset(long From, double Minutes);
}
