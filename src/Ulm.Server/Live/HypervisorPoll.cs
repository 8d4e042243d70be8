using System.Collections.Immutable;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>What one host's hypervisor answered, or why it did not.</summary>
internal sealed record HypervisorPoll(HostInfo? Info, HostCapabilities? Capabilities, ImmutableArray<DomainStats> Domains, string? Failure)
{
    public static HypervisorPoll Failed(string because) => new(null, null, [], because);

    /// <summary>Domains that hold memory and CPU now; those shut off are none of ours.</summary>
    public IEnumerable<DomainStats> Active => Domains.Where(d => d.State is not (DomainState.ShutOff or DomainState.Crashed or DomainState.NoState));
}

/// <summary>Polls one hypervisor. What never changes while a host is up is asked once a connection.</summary>
internal sealed class HypervisorPoller(ManagedHost host)
{
    private HostInfo? _info;
    private HostCapabilities? _capabilities;

    public async Task<HypervisorPoll> PollAsync(CancellationToken ct)
    {
        try
        {
            _info ??= await host.Libvirt.GetHostInfoAsync(ct);
            _capabilities ??= HostCapabilities.Parse(await host.Libvirt.GetCapabilitiesXmlAsync(ct));
            return new HypervisorPoll(_info, _capabilities, [.. await host.Libvirt.GetAllDomainStatsAsync(ct)], null);
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            (_info, _capabilities) = (null, null);
            return HypervisorPoll.Failed(e.Message);
        }
    }
}

internal static class LibvirtFailure
{
    /// <summary>What may happen to a hypervisor, as opposed to a bug of ours.</summary>
    public static bool Is(Exception e) => e is LibvirtException or LibvirtTimeoutException or LibvirtUnavailableException or LibvirtMigrationTimeoutException or FormatException;
}
