using Ulm.Libvirt;
using Ulm.Munin;
using Ulm.Server.Configuration;

namespace Ulm.Server.Live;

/// <summary>One configured host with the connections that belong to it.</summary>
internal sealed class ManagedHost : IAsyncDisposable
{
    /// <summary>munin-node itself gives a plugin a minute at the most, where it is not told otherwise.</summary>
    private static readonly TimeSpan SlowPlugin = TimeSpan.FromSeconds(60);

    /// <summary>libvirt itself lets a call wait for 30 s while another has the VM.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(40);

    private readonly MuninNodeOptions _node;
    private readonly TimeProvider _time;

    public ManagedHost(HostConfig config, TimeSpan pollingInterval, TimeProvider time)
    {
        Config = config;
        var libvirt = new LibvirtConnectionOptions { Uri = config.LibvirtUri, CallTimeout = Bounded(pollingInterval * 2) };
        Libvirt = new LibvirtConnection(libvirt, time);
        MeasuringLibvirt = new LibvirtConnection(libvirt with { CallTimeout = LongestWait }, time);
        var node = new MuninNodeOptions { Host = config.MuninHost, Port = config.MuninPort, CommandTimeout = Bounded(pollingInterval * 2) };
        var maxGap = pollingInterval * 3 + TimeSpan.FromMinutes(10);
        _node = node;
        _time = time;
        Munin = new MuninSource(config.Name, new MuninNode(node, time), time, new MuninCollectorOptions { PollTimeout = Bounded(pollingInterval * 3), MaxGap = maxGap });
        OtherMunin = new MuninSource(config.Name, new MuninNode(node with { CommandTimeout = SlowPlugin }, time), time, new MuninCollectorOptions { PollTimeout = SlowPlugin * 2, MaxGap = maxGap });
    }

    public HostConfig Config { get; }

    public LibvirtConnection Libvirt { get; }

    /// <summary>For measurements that libvirt may let wait, which no poll and no step must wait for.</summary>
    public LibvirtConnection MeasuringLibvirt { get; }

    /// <summary>For what placement rests on.</summary>
    public MuninSource Munin { get; }

    /// <summary>For everything else: a connection of its own, which may be slow.</summary>
    public MuninSource OtherMunin { get; }

    /// <summary>A connection of one's own to its munin-node, beside those that are polled.</summary>
    public MuninNode NewMuninNode() => new(_node, _time);

    public async ValueTask DisposeAsync()
    {
        await Munin.DisposeAsync();
        await OtherMunin.DisposeAsync();
        await MeasuringLibvirt.DisposeAsync();
        await Libvirt.DisposeAsync();
    }

    /// <summary>Short intervals want quick verdicts, long ones no longer than a person would wait.</summary>
    private static TimeSpan Bounded(TimeSpan wanted) =>
        TimeSpan.FromTicks(Math.Clamp(wanted.Ticks, TimeSpan.FromSeconds(4).Ticks, TimeSpan.FromSeconds(20).Ticks));
}
