using System.Collections.Immutable;
using Ulm.Engine.Inventory;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Commands;

/// <summary>Snapshots and traces named on the command line; one that is not sound ends the command with all its faults.</summary>
internal static class SiteFile
{
    /// <exception cref="CommandFailedException">It can't be read, or something in it is wrong.</exception>
    public static SiteSnapshot Read(string path)
    {
        var faults = new FileFaults(path);
        return SnapshotReader.Read(path, faults) ?? throw new CommandFailedException(faults.Report());
    }

    /// <exception cref="CommandFailedException">It can't be read, or something in it is wrong.</exception>
    public static FaultPlan ReadFaults(string path, Site site, DateTimeOffset start, TimeZoneInfo zone)
    {
        var faults = new FileFaults(path);
        return FaultFile.Read(path, site, start, zone, faults) ?? throw new CommandFailedException(faults.Report());
    }

    /// <returns>One trace an attribute.</returns>
    /// <exception cref="CommandFailedException">One can't be read, something in it is wrong, or two are about the same attribute.</exception>
    public static ImmutableArray<Trace> ReadTraces(IReadOnlyList<string> paths, Site site)
    {
        var traces = paths.Select(p => (Path: p, Trace: ReadTrace(p, site))).ToImmutableArray();
        if (traces.GroupBy(t => t.Trace.Attribute).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new CommandFailedException($"{Words.List([.. twice.Select(t => t.Path)], "and")} all record {twice.Key}; give one trace an attribute");
        return [.. traces.Select(t => t.Trace)];
    }

    private static Trace ReadTrace(string path, Site site)
    {
        var faults = new FileFaults(path);
        return TraceReader.Read(path, site, faults) ?? throw new CommandFailedException(faults.Report());
    }
}
