using Ulm.Libvirt;
using Ulm.Munin;
using Ulm.Server.Configuration;

namespace Ulm.Server.Live;

/// <summary>One configured host with the connections that belong to it.</summary>
internal sealed class ManagedHost : IAsyncDisposable
{
    public ManagedHost(HostConfig config, TimeSpan pollingInterval, TimeProvider time)
    {
        Config = config;
        Libvirt = new LibvirtConnection(new LibvirtConnectionOptions { Uri = config.LibvirtUri, CallTimeout = Bounded(pollingInterval * 2) }, time);
        Node = new MuninNode(new MuninNodeOptions { Host = config.MuninHost, Port = config.MuninPort, CommandTimeout = Bounded(pollingInterval * 2) }, time);
        var collector = new MuninCollector(Node, time, new MuninCollectorOptions { PollTimeout = Bounded(pollingInterval * 3), MaxGap = pollingInterval * 3 + TimeSpan.FromMinutes(10) });
        Munin = new MuninSource(config.Name, Node, collector);
    }

    public HostConfig Config { get; }

    public LibvirtConnection Libvirt { get; }

    public MuninNode Node { get; }

    public MuninSource Munin { get; }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await Libvirt.DisposeAsync();
    }

    /// <summary>Short intervals want quick verdicts, long ones no longer than a person would wait.</summary>
    private static TimeSpan Bounded(TimeSpan wanted) =>
        TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, TimeSpan.FromSeconds(4).Ticks, TimeSpan.FromSeconds(20).Ticks));
}
