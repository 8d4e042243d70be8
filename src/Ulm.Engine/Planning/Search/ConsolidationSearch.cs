using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Search;

/// <summary>
/// Looks for more hosts of a cluster to empty, or for cheaper ones, than a greedy answer empties: all their VMs are packed at once, where the greedy one
/// decides host by host. Tries the hosts with least memory to copy, as many as can be found room for. What it may look at is counted, not timed: same input, same answer.
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
    private readonly HashSet<(int Vm, int Host)> _barred = [];
    private long _work;

    /// <summary>A host that can be emptied as far as its VMs are concerned.</summary>
    private sealed record Source(int Host, long Memory, Parcel[] Parcels);

    /// <param name="hosts">The hosts of the cluster that run VMs and may be filled.</param>
    /// <param name="sources">Of these, the ones that may be emptied.</param>
    public ConsolidationSearch(Placement start, IEnumerable<Host> hosts, IEnumerable<Host> sources, PlanningContext context)
    {
        (_start, _context) = (start, context);
        _receivers = [.. hosts.Select(start.IndexOf)];
        _sources = [.. sources.Select(h => Of(start.IndexOf(h))).OfType<Source>().OrderBy(s => s.Memory).ThenBy(s => s.Host)];
    }

    /// <param name="atLeast">So many hosts, or so many with less memory to copy, are better than the greedy answer.</param>
    /// <param name="atMost">More need not be emptied.</param>
    /// <returns>The moves, those off one host together; null: nothing better was found.</returns>
    public List<PlannedAction.Migrate>? Best(int atLeast, long copied, int atMost)
    {
        List<PlannedAction.Migrate>? best = null;
        var (low, high) = (atLeast, Math.Min(atMost, MostByRoom()));
        if (Cost(low) < copied && low <= high) best = Try(low);
        // More hosts are harder to pack, nearly without exception: halve the distance.
        for (var least = low + 1; least <= high;)
        {
            var middle = least + (high - least + 1) / 2;
            if (Try(middle) is { } found) (best, least) = (found, middle + 1);
            else high = middle - 1;
        }

        return best;
    }

    private long Cost(int count) => _sources.Take(count).Sum(s => s.Memory);

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
        var emptied = _sources[..Math.Min(count, _sources.Count)];
        if (emptied.Count < count) return null;
        var taken = emptied.Select(s => s.Host).ToHashSet();
        int[] open = [.. _receivers.Where(h => !taken.Contains(h) && _start.CpuIsKnownAt(h))];
        for (var objections = 0; objections < MostObjections && _work < MostWork; objections++)
        {
            var packing = new Packing([.. open.Select(MemoryRoom)], [.. open.Select(CpuRoom)], (parcel, host) => _barred.Count == 0 || !_barred.Contains((parcel.Vms[0], open[host])));
            var packed = packing.TryPack(emptied.SelectMany(s => s.Parcels), MostWork - _work);
            _work += packing.Work;
            if (!packed) return null;
            var places = packing.Places.ToDictionary(p => p.Parcel, p => open[p.Host]);
            if (Carry(emptied, places) is { } moves) return moves;
        }

        return null;
    }

    /// <summary>The moves in order, each put to the filters; null, and the place barred, where one objects.</summary>
    private List<PlannedAction.Migrate>? Carry(List<Source> emptied, Dictionary<Parcel, int> places)
    {
        var (placement, moves) = (_start, new List<PlannedAction.Migrate>());
        foreach (var source in emptied)
        {
            foreach (var parcel in source.Parcels)
            {
                foreach (var v in parcel.Vms)
                {
                    var (vm, to) = (placement.Site.Vms[v], places[parcel]);
                    if (PlacementFilters.Objection(placement, v, to, _context.Limits, asGroup: parcel.Vms.Length > 1) is not null)
                    {
                        _barred.Add((parcel.Vms[0], to));
                        return null;
                    }

                    placement = placement.Move(vm, placement.Site.Hosts[to]);
                    moves.Add(new PlannedAction.Migrate(vm.Name, placement.Site.Hosts[source.Host].Name, placement.Site.Hosts[to].Name));
                }
            }
        }

        return moves;
    }

    private double MemoryRoom(int host) => _context.Limits.MemoryPercent / 100 * _start.Site.Hosts[host].MemoryBytes - _start.MemoryAt(host);

    private double CpuRoom(int host) => _context.Limits.CpuPercent / 100 * _start.Site.Hosts[host].CpuCapacity - _start.CpuAt(host);

    /// <summary>Null: one of its VMs must stay, or is kept together with one elsewhere.</summary>
    private Source? Of(int host)
    {
        var parcels = new List<Parcel>();
        var seen = new HashSet<int>();
        foreach (var v in _start.VmsAt(host))
        {
            if (!seen.Add(v)) continue;
            var unit = _start.Constraints.UnitOf(v);
            foreach (var member in unit)
            {
                seen.Add(member);
                if (_start.HostAt(member) != host || PlacementFilters.ForVm(_start, _start.Site.Vms[member]) is not null) return null;
            }

            parcels.Add(new Parcel([.. unit], unit.Sum(m => (double)_start.Site.Vms[m].MemoryBytes), unit.Sum(_start.DemandAt)));
        }

        return new Source(host, _start.MemoryAt(host), [.. parcels.OrderByDescending(p => p.Memory).ThenBy(p => p.Vms[0])]);
    }
}
