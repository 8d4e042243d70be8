using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>Turns a guest's CPU time counter into per cent of its vCPUs, over the time between two polls of the same run on the same host.</summary>
internal sealed class VmCpuRates
{
    private readonly Dictionary<Guid, (string Host, long CpuTimeNs, DateTimeOffset At)> _last = [];

    /// <summary>Null: first sight, restarted, moved since, or no time has passed.</summary>
    public double? Next(string host, DomainStats stats)
    {
        if (stats.CpuTimeNs is not { } now) return null;
        var known = _last.TryGetValue(stats.Uuid, out var last);
        _last[stats.Uuid] = (host, now, stats.CapturedAt);
        var seconds = (stats.CapturedAt - last.At).TotalSeconds;
        if (!known || last.Host != host || now < last.CpuTimeNs || seconds <= 0) return null;
        return Math.Min(100, (now - last.CpuTimeNs) / 1e9 / seconds / Math.Max(1, stats.VcpusCurrent ?? 1) * 100);
    }

    public void Keep(Func<Guid, bool> exists)
    {
        foreach (var gone in _last.Keys.Where(k => !exists(k)).ToList()) _last.Remove(gone);
    }
}
