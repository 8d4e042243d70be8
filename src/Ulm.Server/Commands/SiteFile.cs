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
    public static Trace ReadTrace(string path, Site site)
    {
        var faults = new FileFaults(path);
        return TraceReader.Read(path, site, faults) ?? throw new CommandFailedException(faults.Report());
    }
}
