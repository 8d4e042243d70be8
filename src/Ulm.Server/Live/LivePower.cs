using System.Collections.Immutable;
using Ulm.Engine.Actions;
using Ulm.Engine.Inventory;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>Power of real hosts: off and on by their BMC, to sleep by their own libvirt.</summary>
internal sealed class LivePower(IHostPower bmc, IEnumerable<ManagedHost> hosts) : IHostPower
{
    /// <summary>libvirt sets the host's clock to wake it after a time, and must be given one. A day, which every clock can count; the BMC wakes it earlier.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly ImmutableDictionary<string, ManagedHost> _hosts = hosts.ToImmutableDictionary(h => h.Config.Name, StringComparer.Ordinal);

    public Task<PowerState> StateAsync(Host host, CancellationToken ct) => bmc.StateAsync(host, ct);

    public Task PowerOffAsync(Host host, CancellationToken ct) => bmc.PowerOffAsync(host, ct);

    public Task CutPowerAsync(Host host, CancellationToken ct) => bmc.CutPowerAsync(host, ct);

    public Task PowerOnAsync(Host host, CancellationToken ct) => bmc.PowerOnAsync(host, ct);

    public async Task SuspendAsync(Host host, CancellationToken ct)
    {
        try
        {
            await _hosts[host.Name].Libvirt.SuspendHostAsync(NodeSuspendTarget.Memory, LongestSleep, ct);
        }
        catch (LibvirtException e) when (e.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.ArgumentUnsupported)
        {
            throw new NotSupportedByHostException($"{host.Name} can't suspend to memory: {e.Message}", e);
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException(e.Message, e);
        }
    }
}
