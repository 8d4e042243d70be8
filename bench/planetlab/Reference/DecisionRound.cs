namespace Ulm.PlanetLab.Reference;

internal sealed record ReferenceMove(ReferenceVm Vm, ReferenceHost Target);

/// <summary>
/// One round of the experiment's policies: relieve overloaded hosts (MMT), empty underloaded ones, each VM placed where it costs least power (PABFD). Written
/// from a description of what the simulator does; oddities are kept on purpose, as they are part of the known figures.
/// </summary>
internal sealed class DecisionRound(IReadOnlyList<ReferenceHost> hosts, IDetector detector, ReferenceRules rules)
{
    private readonly List<PaperHost> _paper = [.. hosts.Select(h => new PaperHost(h))];

    public IReadOnlyList<ReferenceMove> Plan()
    {
        foreach (var host in _paper) host.Load();
        var over = _paper.Where(h => h.IsOverloaded(detector)).ToHashSet();
        var moves = Relieve(over);
        moves.AddRange(EmptyUnderloaded(over));
        return moves;
    }

    private List<ReferenceMove> Relieve(HashSet<PaperHost> over)
    {
        var moves = new List<ReferenceMove>();
        foreach (var vm in LargestFirst(_paper.Where(over.Contains).SelectMany(Select).ToList()))
        {
            if (Place(vm, over) is not { } target) continue;
            target.Add(vm);
            moves.Add(new ReferenceMove(vm, target.Real));
        }

        return moves;
    }

    /// <summary>The VMs of least memory, which move fastest, until the detector is quiet.</summary>
    private List<ReferenceVm> Select(PaperHost host)
    {
        var taken = new List<ReferenceVm>();
        while (host.Vms.MinBy(v => v.MB) is { } vm)
        {
            taken.Add(vm);
            host.Remove(vm);
            if (!host.IsOverloaded(detector)) break;
        }

        return taken;
    }

    /// <summary>A host stays closed even when its evacuation failed; targets of <see cref="Relieve"/> may be emptied again, and then a VM moves twice.</summary>
    private List<ReferenceMove> EmptyUnderloaded(HashSet<PaperHost> over)
    {
        var closed = over.Concat(_paper.Where(h => !rules.IsOn(h.Real))).ToHashSet();
        var asSource = closed.ToHashSet();
        var moves = new List<ReferenceMove>();
        while (_paper.Where(h => !asSource.Contains(h) && h.Vms.Count > 0 && rules.IsOn(h.Real) && h.Real.Utilisation < 1).MinBy(h => h.Real.Utilisation) is { } source)
        {
            closed.Add(source);
            asSource.Add(source);
            if (Empty(source, closed) is not { } placed) continue;
            asSource.UnionWith(placed.Select(p => p.Target));
            moves.AddRange(placed.Select(p => new ReferenceMove(p.Vm, p.Target.Real)));
        }

        return moves;
    }

    /// <returns>Null, and nothing changed, where a VM fits nowhere.</returns>
    private List<(ReferenceVm Vm, PaperHost Target)>? Empty(PaperHost source, HashSet<PaperHost> closed)
    {
        var placed = new List<(ReferenceVm Vm, PaperHost Target, PaperHost.State Before)>();
        foreach (var vm in LargestFirst(source.Vms))
        {
            if (Place(vm, closed) is not { } target)
            {
                foreach (var (_, host, before) in placed.AsEnumerable().Reverse()) host.Restore(before);
                return null;
            }

            placed.Add((vm, target, target.Save()));
            target.Add(vm);
        }

        return [.. placed.Select(p => (p.Vm, p.Target))];
    }

    private PaperHost? Place(ReferenceVm vm, HashSet<PaperHost> closed)
    {
        PaperHost? best = null;
        var least = double.MaxValue;
        foreach (var host in _paper)
        {
            if (closed.Contains(host) || !rules.Fits(host, vm)) continue;
            if (host.Planned > 0 && host.WouldBeOverloaded(detector, vm)) continue;
            var cost = Cost(host, vm);
            if (cost < least) (best, least) = (host, cost);
        }

        return best;
    }

    /// <summary>What the plan has put there before is in the first term and not in the second, and an off host is priced as if it were idling.</summary>
    private static double Cost(PaperHost host, ReferenceVm vm) =>
        Watts(host.Real, (host.Planned + vm.Demand) / host.Real.Capacity) - Watts(host.Real, host.Real.Utilisation);

    /// <summary>
    /// <see cref="Ulm.Engine.Inventory.PowerCurve.At"/> in the terms and order of the reference. Between two points of its curve each host of a type costs the
    /// same, so the last bit of the sum decides which of hundreds is taken.
    /// </summary>
    private static double Watts(ReferenceHost host, double utilisation)
    {
        var watts = host.Spec.Power.Watts;
        if (utilisation % 0.1 == 0) return watts[(int)(utilisation * 10)];
        var (below, above) = ((int)Math.Floor(utilisation * 10), (int)Math.Ceiling(utilisation * 10));
        return watts[below] + (watts[above] - watts[below]) / 10 * (utilisation - (double)below / 10) * 100;
    }

    private static IEnumerable<ReferenceVm> LargestFirst(IReadOnlyList<ReferenceVm> vms) => vms.OrderByDescending(v => v.Demand).ToList();
}
