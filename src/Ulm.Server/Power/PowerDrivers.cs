using Ulm.Server.Configuration;
using Ulm.Server.Live;
using Ulm.Server.Power.Redfish;
using Ulm.Server.Power.WakeOnLan;

namespace Ulm.Server.Power;

/// <summary>The driver for what is configured.</summary>
internal static class PowerDrivers
{
    public static IPowerDriver Of(ManagedHost host, PowerConfig config, TimeProvider time)
    {
        var name = host.Config.Name;
        // munin-node is configured for every host, and its kernel answers for it, be it with a refusal, for as long as it runs.
        HostSilence Silence() => new(host.Config.MuninHost, host.Config.MuninPort, time);
        IPowerDriver driver = config switch
        {
            PowerConfig.Ipmi ipmi => new IpmiDriver(name, ipmi, time),
            PowerConfig.Redfish redfish => new RedfishDriver(name, redfish, time),
            PowerConfig.WakeOnLan wake => new WakeOnLanDriver(name, wake, Silence()),
            PowerConfig.Fence fence => new FenceDriver(name, fence, time),
            PowerConfig.NodeSuspend suspend => new NodeSuspendDriver(name, suspend, host.Libvirt, Silence()),
            PowerConfig.Hook hook => new HookDriver(name, hook, time),
            _ => throw new InvalidOperationException($"there is no driver for {config.GetType().Name}"),
        };
        return config.Ssh is { } ssh ? new SshShutdown(driver, name, ssh, time) : driver;
    }
}
