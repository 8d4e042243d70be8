using Ulm.Engine.Actions;
using Ulm.Libvirt;
using Ulm.Server.Configuration;
using Ulm.Server.Live;
using Ulm.Server.Power.WakeOnLan;

namespace Ulm.Server.Power;

/// <summary>
/// Sleep in place of off: libvirt puts its host to sleep (<c>virNodeSuspendForDuration</c>) and has the host's clock wake it after a time; a packet
/// to its network card wakes it earlier.
/// </summary>
internal sealed class NodeSuspendDriver(string host, PowerConfig.NodeSuspend config, LibvirtConnection libvirt, HostSilence silence) : IPowerDriver
{
    public string Name => $"libvirt of {host}";

    public bool TellsState => false;

    public async Task<PowerState> StateAsync(CancellationToken ct) => await silence.IsSilentAsync(ct) ? PowerState.Unknown : PowerState.On;

    public Task PowerOnAsync(CancellationToken ct) => config.Wake is { } wake
        ? MagicPacket.SendAsync(wake, ct)
        : throw new NotSupportedByHostException($"{host} is woken by its clock alone; give it the mac of its network card to wake it earlier");

    public async Task ShutDownAsync(CancellationToken ct)
    {
        try
        {
            await libvirt.SuspendHostAsync(config.Target, config.WakeAfter, ct);
        }
        catch (LibvirtException e) when (e.Code is LibvirtErrorCode.NoSupport or LibvirtErrorCode.OperationUnsupported or LibvirtErrorCode.ArgumentUnsupported)
        {
            throw new NotSupportedByHostException($"{host} can't suspend to {config.Target.ToString().ToLowerInvariant()}: {e.Message}", e);
        }
        catch (Exception e) when (LibvirtFailure.Is(e))
        {
            throw new ActionFailedException(e.Message, e);
        }
    }

    public Task CutAsync(CancellationToken ct) => throw new NotSupportedByHostException($"{host} has no BMC that could cut its power");

    public IEnumerable<string> Lacks() => [];
}
