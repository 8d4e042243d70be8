using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Search;

/// <summary>
/// A placement that a planner works on. Searches read its arrays, in which hosts and VMs are numbered from 0; every change is put to
/// the placement filters first, on the immutable <see cref="Placement"/> that the arrays mirror.
/// </summary>
internal sealed class Draft
{
    private readonly PlanningContext _context;
    private readonly int[] _siteHosts;
    private readonly int[] _siteVms;

    /// <param name="hosts">The hosts to work on, as numbered in the site.</param>
    /// <param name="mayMove">Asked of each VM on them, once; the others stay, and count where they are.</param>
    public Draft(Placement placement, IEnumerable<int> hosts, Func<Vm, bool> mayMove, PlanningContext context)
    {
        (Placement, _context, _siteHosts) = (placement, context, [.. hosts]);
        var numbers = new Dictionary<int, int>();
        for (var h = 0; h < _siteHosts.Length; h++) numbers.Add(_siteHosts[h], h);
        _siteVms = [.. Enumerable.Range(0, placement.Site.Vms.Length).Where(v => numbers.ContainsKey(placement.HostAt(v)) && mayMove(placement.Site.Vms[v]))];
        HostOf = [.. _siteVms.Select(v => numbers[placement.HostAt(v)])];
        Home = [.. HostOf, -1];
        Size = [.. _siteVms.Select(v => (double)placement.Site.Vms[v].MemoryBytes), 0];
        Demand = [.. _siteVms.Select(placement.DemandAt), 0];
        On = [.. _siteHosts.Select(_ => new List<int>())];
        Absent = [.. _siteHosts.Select(_ => new List<int>())];
        for (var v = 0; v < HostOf.Length; v++) On[HostOf[v]].Add(v);
        Cpu = [.. _siteHosts.Select(placement.CpuAt)];
        Memory = [.. _siteHosts.Select(h => (double)placement.MemoryAt(h))];
        CpuLimit = [.. _siteHosts.Select(h => context.Limits.CpuPercent / 100 * placement.Site.Hosts[h].CpuCapacity)];
        MemoryLimit = [.. _siteHosts.Select(h => context.Limits.MemoryOf(placement.Site.Hosts[h]))];
    }

    public Placement Placement { get; private set; }

    /// <summary>The number of a VM that is none: it weighs nothing.</summary>
    public int Nobody => HostOf.Length;

    /// <summary>Where each VM is, and where it was when the draft was begun.</summary>
    public int[] HostOf { get; }

    public int[] Home { get; }

    /// <summary>Bytes.</summary>
    public double[] Size { get; }

    /// <summary>MIPS.</summary>
    public double[] Demand { get; }

    /// <summary>The movable VMs on each host.</summary>
    public List<int>[] On { get; }

    /// <summary>Of each host, the VMs that were on it and are not.</summary>
    public List<int>[] Absent { get; }

    public double[] Cpu { get; }

    public double[] Memory { get; }

    public double[] CpuLimit { get; }

    public double[] MemoryLimit { get; }

    public Host Host(int host) => Placement.Site.Hosts[_siteHosts[host]];

    public Vm Vm(int vm) => Placement.Site.Vms[_siteVms[vm]];

    /// <summary>Every VM that is not where it was.</summary>
    public IEnumerable<PlannedAction.Migrate> Moves() => Enumerable.Range(0, HostOf.Length)
        .Where(v => HostOf[v] != Home[v])
        .Select(v => new PlannedAction.Migrate(Vm(v).Name, Host(Home[v]).Name, Host(HostOf[v]).Name));

    /// <summary>What must be copied for this VM if it ends on that host: nothing at home.</summary>
    public double Away(int vm, int host) => Home[vm] == host ? 0 : Size[vm];

    /// <summary>Lets VMs of two hosts change places unless a filter objects to one of them on a host that all who leave it have left.</summary>
    public bool TryExchange(Exchange change, int from)
    {
        var after = Placement;
        return MayCome(change.Leave, change.Come, from, change.To) && MayCome(change.Come, change.Leave, change.To, from) && Apply();

        bool MayCome(Bundle coming, Bundle leaving, int source, int target)
        {
            var placement = Moved(Placement, leaving, source);
            foreach (var vm in (ReadOnlySpan<int>)[coming.A, coming.B])
            {
                if (vm == Nobody) continue;
                if (Objects(placement, vm, target)) return false;
                placement = placement.Move(Vm(vm), Host(target));
            }

            after = placement;
            return true;
        }

        bool Apply()
        {
            foreach (var vm in (ReadOnlySpan<int>)[change.Leave.A, change.Leave.B]) if (vm != Nobody) Note(vm, change.To);
            foreach (var vm in (ReadOnlySpan<int>)[change.Come.A, change.Come.B]) if (vm != Nobody) Note(vm, from);
            Placement = after;
            foreach (var host in (ReadOnlySpan<int>)[from, change.To])
            {
                Cpu[host] = after.CpuAt(_siteHosts[host]);
                Memory[host] = after.MemoryAt(_siteHosts[host]);
            }

            return true;
        }
    }

    private Placement Moved(Placement placement, Bundle bundle, int target)
    {
        foreach (var vm in (ReadOnlySpan<int>)[bundle.A, bundle.B]) if (vm != Nobody) placement = placement.Move(Vm(vm), Host(target));
        return placement;
    }

    private bool Objects(Placement placement, int vm, int target) =>
        PlacementFilters.Objection(placement, _siteVms[vm], _siteHosts[target], _context.Limits) is not null;

    private void Note(int vm, int target)
    {
        var source = HostOf[vm];
        On[source].Remove(vm);
        On[target].Add(vm);
        if (source == Home[vm]) Absent[source].Add(vm);
        else if (target == Home[vm]) Absent[target].Remove(vm);
        HostOf[vm] = target;
    }
}
