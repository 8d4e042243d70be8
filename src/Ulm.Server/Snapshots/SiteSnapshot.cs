using System.Collections.Immutable;
using Ulm.Engine;
using Ulm.Engine.Inventory;

namespace Ulm.Server.Snapshots;

/// <summary>A site as a file describes it.</summary>
/// <param name="CpuPercent">By VM name: per cent of the VM's own vCPUs; 0 where the file says nothing.</param>
public sealed record SiteSnapshot(Site Site, IReadOnlyDictionary<string, double> CpuPercent)
{
    /// <summary>Fields that its munin-nodes have, <c>plugin.field</c>; null: the snapshot does not tell.</summary>
    public ImmutableHashSet<string>? MuninFields { get; init; }

    public const string Schema = "ulm.site/1";

    private const int MostNamed = 5;

    /// <summary>
    /// What is allowed and yet may not be meant: hosts whose VMs have more memory together than the host itself. libvirt lets that be, so that a live site may
    /// well look like this; no VM is moved there.
    /// </summary>
    public IEnumerable<string> Notes
    {
        get
        {
            var over = Site.Hosts.Select(h => (Host: h, Vms: Site.VmsOn(h.Name))).Select(h => (h.Host, h.Vms.Length, Held: h.Vms.Sum(v => v.MemoryBytes))).Where(h => h.Held > h.Host.MemoryBytes).ToList();
            foreach (var (host, vms, held) in over.Take(MostNamed))
                yield return $"the {vms} VMs on host {host.Name} have {Show.Bytes(held)} of memory together, more than its {Show.Bytes(host.MemoryBytes)}; it takes no more until it has room";
            if (over.Count > MostNamed) yield return $"and so it is with {over.Count - MostNamed} more hosts";
        }
    }

    /// <summary>The list of hosts that had not answered yet when the snapshot was taken, whose size nobody knows.</summary>
    public const string NotSeen = "notSeen";
}
