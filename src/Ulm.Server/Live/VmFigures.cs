using Ulm.Dsl.Policies;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>
/// How each attribute of a guest is made of what libvirt says of it. Its counters start at 0 with each run and on each host, so that rates rest on two
/// polls of the same run on the same host. Not thread-safe.
/// </summary>
internal sealed class VmFigures
{
    private readonly Dictionary<(Guid Vm, PolicyAttribute Attribute), (string Host, long Count, DateTimeOffset At)> _last = [];

    /// <summary>Null: not an attribute that libvirt tells of.</summary>
    public Figure? Of(PolicyAttribute attribute, string host, DomainStats stats)
    {
        if (attribute.MuninField is not null) return null;
        if (attribute == PolicyAttribute.VmMemory)
            return (stats.BalloonCurrentBytes ?? stats.BalloonMaximumBytes) is { } memory ? Figure.Known(memory, stats.CapturedAt) : NotTold(host, attribute);
        if (attribute == PolicyAttribute.VmCpu)
        {
            var seconds = Rate(attribute, host, stats, stats.CpuTimeNs);
            return seconds.IsKnown ? Figure.Known(Math.Min(100, seconds.Value / 1e9 / Math.Max(1, stats.VcpusCurrent ?? 1) * 100), seconds.At) : seconds;
        }

        if (attribute == PolicyAttribute.VmNetIn) return Rate(attribute, host, stats, stats.NetReceivedBytes);
        if (attribute == PolicyAttribute.VmNetOut) return Rate(attribute, host, stats, stats.NetSentBytes);
        if (attribute == PolicyAttribute.VmDiskRead) return Rate(attribute, host, stats, stats.BlockReadBytes);
        return attribute == PolicyAttribute.VmDiskWrite ? Rate(attribute, host, stats, stats.BlockWrittenBytes) : null;
    }

    public void Keep(Func<Guid, bool> exists)
    {
        foreach (var gone in _last.Keys.Where(k => !exists(k.Vm)).ToList()) _last.Remove(gone);
    }

    private Figure Rate(PolicyAttribute attribute, string host, DomainStats stats, long? counter)
    {
        if (counter is not { } now) return NotTold(host, attribute);
        var key = (stats.Uuid, attribute);
        var known = _last.TryGetValue(key, out var last);
        _last[key] = (host, now, stats.CapturedAt);
        if (!known) return Figure.Unknown("a rate needs two polls, this was the first");
        if (last.Host != host) return Figure.Unknown($"a rate needs two polls on one host; it has come from {last.Host} to {host}");
        if (now < last.Count) return Figure.Unknown("a rate needs two polls of one run; it was started anew");
        var seconds = (stats.CapturedAt - last.At).TotalSeconds;
        return seconds > 0 ? Figure.Known((now - last.Count) / seconds, stats.CapturedAt) : Figure.Unknown("no time has passed since the last poll");
    }

    private static Figure NotTold(string host, PolicyAttribute attribute) => Figure.Unknown($"libvirt on {host} does not tell {attribute.Name}");
}
