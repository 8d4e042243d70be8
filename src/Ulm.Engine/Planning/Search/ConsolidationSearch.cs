using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Search;

/// <summary>
/// Looks for more hosts of a cluster to empty, or for cheaper ones, than a greedy answer empties: all their VMs are packed at once, where the greedy one
/// decides host by host, and VMs of hosts that stay on move aside where that makes room for larger ones. Tries the hosts with least memory to copy,
/// as many as can be found room for. What it may look at is counted, not timed: same input, same answer.
/// </summary>
internal sealed class ConsolidationSearch
{
    /// <summary>Hosts looked at for a place, all tries together: some two seconds on a slow processor.</summary>
    private const long MostWork = 400_000_000;

    /// <summary>How often a packing is made anew because a constraint spoke against a place that had room.</summary>
    private const int MostObjections = 50;

    private readonly Placement _start;
    private readonly PlanningContext _context;
    private readonly int[] _receivers;
    private readonly List<Source> _sources;
    private readonly Dictionary<int, Parcel[]> _movable;
    private readonly HashSet<(int Vm, int Host)> _barred = [];
    private long _work;
    private double _solverSeconds;

    /// <summary>A host that can be emptied as far as its VMs are concerned.</summary>
    private sealed record Source(int Host, long Memory, double IdleWatts);

    /// <param name="hosts">The hosts of the cluster that run VMs and may be filled.</param>
    /// <param name="sources">Of these, the ones that may be emptied.</param>
    /// <param name="solverSeconds">What the context's solver may take.</param>
    public ConsolidationSearch(Placement start, IEnumerable<Host> hosts, IEnumerable<Host> sources, PlanningContext context, double solverSeconds = 0)
    {
        _solverSeconds = solverSeconds;
        (_start, _context) = (start, context);
        _receivers = [.. hosts.Select(start.IndexOf)];
        _movable = _receivers.ToDictionary(h => h, MovableOn);
        // Of hosts that cost the same to empty, the one that draws most.
        _sources = [.. sources.Select(h => new Source(start.IndexOf(h), start.Memory(h), h.Power.At(0) - h.Power.OffWatts))
            .Where(s => _movable[s.Host].Sum(p => p.Vms.Length) == start.VmsAt(s.Host).Length)
            .OrderBy(s => s.Memory).ThenByDescending(s => s.IdleWatts).ThenBy(s => s.Host)];
    }

    /// <param name="atLeast">So many hosts, or so many with less memory to copy, are better than the greedy answer.</param>
    /// <param name="atMost">More need not be emptied.</param>
    /// <returns>The moves, those for one host together; null: nothing better was found.</returns>
    public List<PlannedAction.Migrate>? Best(int atLeast, long copied, int atMost)
    {
        List<PlannedAction.Migrate>? best = null;
        var (low, high) = (atLeast, Math.Min(atMost, MostByRoom()));
        if (low <= high && _sources.Take(low).Sum(s => s.Memory) < copied && Try(low) is { } cheaper && Copied(cheaper) < copied) best = cheaper;
        // More hosts are harder to pack, nearly without exception: halve the distance.
        for (var least = low + 1; least <= high;)
        {
            var middle = least + (high - least + 1) / 2;
            if (Try(middle) is { } found) (best, least) = (found, middle + 1);
            else high = middle - 1;
        }

        return best;
    }

    /// <summary>How many of the sources pay for being off, each with those before it off as well, until rules want hosts on again.</summary>
    public int MostWorthOff()
    {
        var emptied = new HashSet<string>(StringComparer.Ordinal);
        foreach (var source in _sources)
        {
            var host = _start.Site.Hosts[source.Host];
            if (ConsolidatePlanner.WantedAgainSoon(_start, host, emptied, _context) is not null) break;
            emptied.Add(host.Name);
        }

        return emptied.Count;
    }

    private long Copied(IEnumerable<PlannedAction.Migrate> moves) => moves.Sum(m => _start.Site.Vm(m.Vm).MemoryBytes);

    /// <summary>How many of the sources the rest has room for, if VMs could be cut in pieces.</summary>
    private int MostByRoom()
    {
        var room = _receivers.Sum(h => Math.Max(0, MemoryRoom(h)));
        var (count, memory) = (0, 0.0);
        foreach (var source in _sources)
        {
            memory += source.Memory;
            room -= Math.Max(0, MemoryRoom(source.Host));
            if (memory > room) break;
            count++;
        }

        return Math.Min(count, _receivers.Length - 1);
    }

    /// <summary>Empties the first <paramref name="count"/> sources, if all their VMs find a place.</summary>
    private List<PlannedAction.Migrate>? Try(int count)
    {
        if (_sources.Count < count) return null;
        var emptied = _sources[..count];
        var taken = emptied.Select(s => s.Host).ToHashSet();
        int[] open = [.. _receivers.Where(h => !taken.Contains(h) && _start.CpuIsKnownAt(h))];
        var residents = open.SelectMany((h, i) => _movable[h].Select(p => p with { Home = i })).ToList();
        var leaving = emptied.Select(s => _movable[s.Host]).ToList();
        for (var objections = 0; objections < MostObjections && _work < MostWork; objections++)
        {
            if (Pack(open, [.. leaving.SelectMany(p => p)], residents) is not { } places) return null;
            var carrying = new PackingMoves(_start, [.. places.Select(p => (p.Parcel, open[p.Host]))], _context);
            if (carrying.TryCarry(leaving) is not { } objection) return carrying.Moves;
            _barred.Add(objection);
        }

        return null;
    }

    /// <returns>Where each parcel goes that does not stay; null: no packing was found.</returns>
    private IEnumerable<(Parcel Parcel, int Host)>? Pack(int[] open, List<Parcel> leaving, List<Parcel> residents)
    {
        var (memory, cpu) = (open.Select(MemoryRoom).ToArray(), open.Select(CpuRoom).ToArray());
        var packing = new Packing(memory, cpu, [.. open.Select(Uncommitted)], residents, MayGo);
        var packed = packing.TryPack(leaving, MostWork - _work);
        _work += packing.Work;
        if (packed) return packing.Places;
        if (_context.Solver is not { } solver || _receivers.Length > solver.MostHosts) return null;
        // Half of what is left for each try: how many there will be is not known.
        _solverSeconds /= 2;
        List<Parcel> all = [.. leaving, .. residents];
        var found = solver.Pack(new PackingTask([.. memory], [.. cpu], [.. all.Select(p => new PackingItem(p.Memory, p.Cpu, p.Home))], (item, host) => MayGo(all[item], host)), _solverSeconds);
        return found?.Select((host, i) => (all[i], host)).Where(p => p.Item1.Home != p.host);

        bool MayGo(Parcel parcel, int host) => _barred.Count == 0 || !_barred.Contains((parcel.Vms[0], open[host]));
    }

    private double MemoryRoom(int host) => _context.Limits.MemoryOf(_start.Site.Hosts[host]) - _start.MemoryAt(host);

    private double CpuRoom(int host) => _context.Limits.CpuPercent / 100 * _start.Site.Hosts[host].CpuCapacity - _start.CpuAt(host);

    private double Uncommitted(int host) => _start.Site.Hosts[host].CpuCapacity - _start.VmsAt(host).Sum(MostCpu);

    private double MostCpu(int vm) => _start.Site.Vms[vm].CpuDemand(100);

    /// <summary>What may leave a host, largest first: not what must stay, nor what is kept together with a VM elsewhere.</summary>
    private Parcel[] MovableOn(int host)
    {
        var parcels = new List<Parcel>();
        var seen = new HashSet<int>();
        foreach (var v in _start.VmsAt(host))
        {
            if (!seen.Add(v)) continue;
            var unit = _start.Constraints.UnitOf(v);
            seen.UnionWith(unit);
            if (unit.Any(m => _start.HostAt(m) != host || PlacementFilters.ForVm(_start, _start.Site.Vms[m]) is not null)) continue;
            parcels.Add(new Parcel([.. unit], unit.Sum(m => (double)_start.Site.Vms[m].MemoryBytes), unit.Sum(_start.DemandAt), unit.Sum(MostCpu)));
        }

        return [.. parcels.OrderByDescending(p => p.Memory).ThenBy(p => p.Vms[0])];
    }
}
