using System.Collections.Immutable;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Snapshots;

/// <summary>A site as a file describes it.</summary>
/// <param name="CpuPercent">By VM name: per cent of the VM's own vCPUs; 0 where the file says nothing.</param>
public sealed record SiteSnapshot(Site Site, IReadOnlyDictionary<string, double> CpuPercent)
{
    /// <summary>Fields that its munin-nodes have, <c>plugin.field</c>; null: the snapshot does not tell.</summary>
    public ImmutableHashSet<string>? MuninFields { get; init; }

    public const string Schema = "ulm.site/1";

    /// <summary>The list of hosts that had not answered yet when the snapshot was taken, whose size nobody knows.</summary>
    public const string NotSeen = "notSeen";
}
