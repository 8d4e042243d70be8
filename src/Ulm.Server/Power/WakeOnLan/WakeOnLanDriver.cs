using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power.WakeOnLan;

/// <summary>A host without a BMC: woken by a packet, shut down over SSH. Whether it is off can only be told from its silence.</summary>
internal sealed class WakeOnLanDriver(string host, PowerConfig.WakeOnLan config, HostSilence silence) : IPowerDriver
{
    public string Name => $"network card of {host} ({config.Wake.MacText})";

    public bool TellsState => false;

    public async Task<PowerState> StateAsync(CancellationToken ct) => await silence.IsSilentAsync(ct) ? PowerState.Unknown : PowerState.On;

    public Task PowerOnAsync(CancellationToken ct) => MagicPacket.SendAsync(config.Wake, ct);

    public Task ShutDownAsync(CancellationToken ct) => throw new NotSupportedByHostException("a network card shuts nothing down; give it [host.power.ssh]");

    public Task CutAsync(CancellationToken ct) => throw new NotSupportedByHostException($"{host} has no BMC that could cut its power");

    public IEnumerable<string> Lacks() => [];
}
