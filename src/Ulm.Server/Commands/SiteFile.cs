using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Ulm.Engine.Inventory;
using Ulm.Server.Api;
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

    /// <summary>A snapshot file; or, of a socket, the site of the server that listens there, with the fields of its munin-nodes.</summary>
    /// <exception cref="CommandFailedException">It can't be had, or something in it is wrong.</exception>
    public static async Task<SiteSnapshot> ReadOrAskAsync(string path, CancellationToken ct)
    {
        if (FileKinds.Of(path) != FileKind.Socket) return Read(path);
        using var server = new ServerClient(path);
        var answer = await server.GetAsync<JsonElement>($"{Endpoints.Site}?munin=true", ct);
        var faults = new FileFaults(path);
        return SnapshotReader.Parse(Encoding.UTF8.GetBytes(answer.GetRawText()), faults) ?? throw new CommandFailedException(faults.Report());
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
