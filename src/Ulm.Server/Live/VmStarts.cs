using Ulm.Engine.Inventory;
using Ulm.Libvirt;

namespace Ulm.Server.Live;

/// <summary>
/// Remembers when guests were seen to start: libvirt does not tell it. One that ran already when this server first looked, or that may have run on a
/// host that did not answer, has no known start until it is started anew. Not thread-safe.
/// </summary>
internal sealed class VmStarts
{
    /// <summary>On its way from one host to another a guest may show on neither for a moment.</summary>
    private const int LooksUntilGone = 2;

    private readonly Dictionary<Guid, Seen> _seen = [];
    private bool _sawAllBefore;

    /// <param name="site">Guests last seen on hosts that do not answer included.</param>
    /// <param name="statsOf">Null where the guest's host did not answer.</param>
    public void Look(Site site, Func<Vm, DomainStats?> statsOf, DateTimeOffset at)
    {
        var present = new HashSet<Guid>();
        foreach (var vm in site.Vms)
        {
            if (vm.Id is not { } id || !present.Add(id)) continue;
            var cpuTime = statsOf(vm)?.CpuTimeNs;
            if (!_seen.TryGetValue(id, out var seen)) seen = new Seen(vm.Host, null, _sawAllBefore ? at : null, 0);
            // The counter begins with each run; with a change of host it begins too, though the run goes on.
            else if (seen.Host == vm.Host && cpuTime < seen.CpuTimeNs) seen = seen with { StartedAt = at };
            _seen[id] = seen with { Host = vm.Host, CpuTimeNs = cpuTime ?? (seen.Host == vm.Host ? seen.CpuTimeNs : null), LooksMissed = 0 };
        }

        foreach (var (id, seen) in _seen.Where(s => !present.Contains(s.Key)).ToList())
        {
            if (seen.LooksMissed >= LooksUntilGone) _seen.Remove(id);
            else _seen[id] = seen with { LooksMissed = seen.LooksMissed + 1 };
        }

        // A host that is off runs nothing; what an unreachable one runs nobody knows, so that a guest seen next may have come from there.
        _sawAllBefore = site.Hosts.All(h => h.State != HostState.Unreachable);
    }

    public Figure Uptime(Vm vm, DateTimeOffset at) => vm.Id is { } id && _seen.GetValueOrDefault(id).StartedAt is { } start
        ? Figure.Known((at - start).TotalSeconds, at)
        : Figure.Unknown("it ran already when this server first saw it, and libvirt does not tell since when");

    private readonly record struct Seen(string Host, long? CpuTimeNs, DateTimeOffset? StartedAt, int LooksMissed);
}
