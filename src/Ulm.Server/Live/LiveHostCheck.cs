using System.Collections.Immutable;
using System.Xml.Linq;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Libvirt;
using Ulm.Munin;

namespace Ulm.Server.Live;

/// <summary>Looks a real host over: its libvirt for CPU, memory and storage pools, its munin-node for whether it answers.</summary>
internal sealed class LiveHostCheck(IEnumerable<ManagedHost> hosts) : IHostCheck
{
    private readonly ImmutableDictionary<string, ManagedHost> _hosts = hosts.ToImmutableDictionary(h => h.Config.Name, StringComparer.Ordinal);

    public async Task<HostPortrait> LookAsync(Host host, CancellationToken ct)
    {
        var managed = _hosts[host.Name];
        var portrait = await AskLibvirtAsync(managed.Libvirt, ct);
        try
        {
            await using var munin = managed.NewMuninNode();
            await munin.ListAsync(ct: ct);
        }
        catch (MuninException e)
        {
            throw new ActionFailedException($"its munin-node does not answer: {e.Message}", e);
        }

        return portrait;
    }

    private static async Task<HostPortrait> AskLibvirtAsync(LibvirtConnection libvirt, CancellationToken ct)
    {
        try
        {
            var info = await libvirt.GetHostInfoAsync(ct);
            var capabilities = await libvirt.GetCapabilitiesAsync(ct);
            return new HostPortrait(capabilities.CpuModel, Features(capabilities.CpuXml), info.Cpus, info.MemoryBytes, await PoolsAsync(libvirt, ct));
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException($"its hypervisor does not answer: {e.Message}", e);
        }
    }

    /// <summary>None where its libvirt has no storage driver.</summary>
    private static async Task<ImmutableArray<string>> PoolsAsync(LibvirtConnection libvirt, CancellationToken ct)
    {
        try
        {
            return [.. (await libvirt.ListActiveStoragePoolsAsync(ct)).Order(StringComparer.Ordinal)];
        }
        catch (LibvirtException e) when (e.Code == LibvirtErrorCode.NoSupport)
        {
            return [];
        }
    }

    private static ImmutableArray<string> Features(string? cpuXml) => cpuXml is null ? []
        : [.. XElement.Parse(cpuXml).Elements("feature").Select(f => (string?)f.Attribute("name")).OfType<string>().Order(StringComparer.Ordinal)];
}
