using System.Collections.Immutable;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>What one host's hypervisor answered, or why it did not.</summary>
internal sealed record HypervisorPoll(HostInfo? Info, HostCapabilities? Capabilities, ImmutableArray<DomainStats> Domains, string? Failure)
{
    public static HypervisorPoll Failed(string because) => new(null, null, [], because);

    /// <summary>What the host's CPUs have done since it was booted; null where that is not told.</summary>
    public long? HostCpuTimeNs { get; init; }

    /// <summary>Domains that hold memory and CPU now; those shut off are none of ours.</summary>
    public IEnumerable<DomainStats> Active => Domains.Where(d => d.State is not (DomainState.ShutOff or DomainState.Crashed or DomainState.NoState));
}

/// <summary>Polls one hypervisor. What never changes while a host is up is asked once a connection.</summary>
internal sealed class HypervisorPoller(ManagedHost host)
{
    private HostInfo? _info;
    private HostCapabilities? _capabilities;
    private bool _tellsCpuTime = true;

    public async Task<HypervisorPoll> PollAsync(CancellationToken ct)
    {
        try
        {
            _info ??= await host.Libvirt.GetHostInfoAsync(ct);
            _capabilities ??= HostCapabilities.Parse(await host.Libvirt.GetCapabilitiesXmlAsync(ct));
            var cpuTime = await CpuTimeAsync(ct);
            return new HypervisorPoll(_info, _capabilities, [.. await host.Libvirt.GetAllDomainStatsAsync(ct)], null) { HostCpuTimeNs = cpuTime };
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            (_info, _capabilities) = (null, null);
            return HypervisorPoll.Failed(e.Message);
        }
    }

    private async Task<long?> CpuTimeAsync(CancellationToken ct)
    {
        if (!_tellsCpuTime) return null;
        try
        {
            return await host.Libvirt.GetHostCpuTimeAsync(ct);
        }
        catch (LibvirtException e) when (e.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported)
        {
            _tellsCpuTime = false;
            return null;
        }
    }
}

internal static class LibvirtFailure
{
    /// <summary>What may happen to a hypervisor, as opposed to a bug of ours.</summary>
    public static bool Is(Exception e) => e is LibvirtException or LibvirtTimeoutException or LibvirtUnavailableException or LibvirtMigrationTimeoutException or FormatException;
}
