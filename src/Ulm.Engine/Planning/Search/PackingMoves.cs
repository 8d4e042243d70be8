namespace Ulm.Engine.Planning.Search;

/// <summary>
/// Turns a packing into moves in an order in which each is allowed when its turn comes. What was to make room goes only once something
/// needs its place, so that every move belongs to a host that is emptied.
/// </summary>
internal sealed class PackingMoves
{
    private readonly Placement _start;
    private readonly PlanningContext _context;
    private readonly Dictionary<int, int> _places;
    private readonly ILookup<int, Parcel> _asideFrom;
    private readonly HashSet<int> _begun = [];
    private Placement _placement;

    /// <param name="places">Where each parcel goes that does not stay.</param>
    public PackingMoves(Placement start, IReadOnlyCollection<(Parcel Parcel, int Host)> places, PlanningContext context)
    {
        (_start, _placement, _context) = (start, start, context);
        _places = places.ToDictionary(p => p.Parcel.Vms[0], p => p.Host);
        _asideFrom = places.Where(p => p.Parcel.Home >= 0).Select(p => p.Parcel).ToLookup(p => start.HostAt(p.Vms[0]));
    }

    public List<PlannedAction.Migrate> Moves { get; } = [];

    /// <param name="leaving">Of each host that is emptied, what is on it.</param>
    /// <returns>A VM and a host that was meant for it and is not allowed; null: all of them are carried.</returns>
    public (int Vm, int Host)? TryCarry(IEnumerable<Parcel[]> leaving)
    {
        foreach (var parcel in leaving.SelectMany(p => p))
            if (!TryMake(parcel, _start.HostAt(parcel.Vms[0]))) return (parcel.Vms[0], _places[parcel.Vms[0]]);

        return null;
    }

    /// <param name="emptied">The host that it is for.</param>
    private bool TryMake(Parcel parcel, int emptied)
    {
        var to = _places[parcel.Vms[0]];
        if (!_begun.Add(parcel.Vms[0])) return false;
        var done = TryMove(parcel, to, emptied);
        foreach (var aside in _asideFrom[to])
        {
            if (done) break;
            done = TryMake(aside, emptied) && TryMove(parcel, to, emptied);
        }

        return done;
    }

    private bool TryMove(Parcel parcel, int to, int emptied)
    {
        var (hosts, after) = (_start.Site.Hosts, _placement);
        foreach (var v in parcel.Vms)
        {
            if (PlacementFilters.Objection(after, v, to, _context.Limits, asGroup: parcel.Vms.Length > 1) is not null) return false;
            after = after.Move(_start.Site.Vms[v], hosts[to]);
        }

        _placement = after;
        foreach (var v in parcel.Vms)
        {
            var from = _start.HostAt(v);
            Moves.Add(new PlannedAction.Migrate(_start.Site.Vms[v].Name, hosts[from].Name, hosts[to].Name) { MakesRoomFor = from == emptied ? null : hosts[emptied].Name });
        }

        return true;
    }
}
