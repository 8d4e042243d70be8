using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Planning.Upkeep;

/// <summary>
/// Finds what breaks a constraint. VMs under way count where they will be: what is being mended is not mended twice. CPU that VMs use by
/// themselves is none of it: it changes from minute to minute, and to relieve a host is a rule's business.
/// </summary>
internal sealed class Breaches(Placement placement, PlacementLimits limits)
{
    private readonly SiteFacts _facts = placement.Facts;
    private readonly SiteConstraints _constraints = placement.Constraints;
    /// <summary>Of a VM that is parked on its way, where it goes on to.</summary>
    private readonly Dictionary<string, string> _goingTo = placement.Facts.Moves.GroupBy(m => m.Vm, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().To, StringComparer.Ordinal);

    public IEnumerable<Breach> Find() =>
        FullHosts().Concat(Misplaced()).Concat(NotApart()).Concat(NotTogether()).Concat(TooFewOn()).Concat(NoReserve());

    /// <summary>Whether VMs can leave it.</summary>
    private static bool Runs(Host host) => host.State is HostState.On or HostState.Draining or HostState.Maintenance;

    private IEnumerable<Breach> FullHosts()
    {
        var hosts = _facts.Site.Hosts;
        for (var h = 0; h < hosts.Length; h++)
        {
            var (index, host) = (h, hosts[h]);
            if (!Runs(host)) continue;
            var share = _constraints.Set.LargestShare(Resource.Memory, host.Cluster);
            var most = (100 - (share?.Percent ?? 0)) / 100 * host.MemoryBytes;
            if (MemoryToCome(placement, index) > most)
            {
                yield return new Breach(
                    share is null ? SystemRule.Named("constraint: a host's memory holds its vms") : SystemRule.For(share), host.Ref,
                    $"{host.Name} holds {Show.Bytes(MemoryToCome(placement, index))} of {Show.Bytes(host.MemoryBytes)}, {Show.Bytes(most)} may be used",
                    (p, context) => Relieve(p, index, context, q => MemoryToCome(q, index) > most, v => v.MemoryBytes));
            }

            if (_constraints.Set.Overcommit is { } overcommit && VcpusToCome(placement, index) > _constraints.VcpuCap(index))
            {
                yield return new Breach(
                    SystemRule.For(overcommit), host.Ref, $"{host.Name} carries {VcpusToCome(placement, index)} vCPUs, {_constraints.VcpuCap(index):0.##} may be",
                    (p, context) => Relieve(p, index, context, q => VcpusToCome(q, index) > _constraints.VcpuCap(index), v => v.Vcpus));
            }
        }
    }

    private IEnumerable<Breach> Misplaced()
    {
        if (!_constraints.Set.Of<StandingConstraint.KeepOn>().Any()) yield break;
        for (var v = 0; v < _facts.Site.Vms.Length; v++)
        {
            var vm = _facts.Site.Vms[v];
            if (_goingTo.ContainsKey(vm.Name) || !Runs(placement.HostOf(vm)) || _constraints.KeepOnBrokenBy(v, placement.HostAt(v)) is not { } sentence) continue;
            yield return new Breach(SystemRule.For(sentence), vm.Ref, $"vm {vm.Name} is on {vm.Host}", (p, context) => Relocate(p, vm, context));
        }
    }

    private IEnumerable<Breach> NotApart()
    {
        foreach (var group in _constraints.Apart.All.Where(g => g.Hard))
        {
            foreach (var here in group.Members.Select(v => _facts.Site.Vms[v]).GroupBy(Place).Where(g => g.Count() > 1))
            {
                // The one that is heaviest to move stays, and one that can't.
                var leaving = here.Where(v => !_goingTo.ContainsKey(v.Name)).OrderBy(v => PlacementFilters.ForVm(placement, v, ignoreCooldown: true) is null)
                    .ThenByDescending(v => v.MemoryBytes).ThenBy(v => v.Name, StringComparer.Ordinal).Skip(here.Any(v => _goingTo.ContainsKey(v.Name)) ? 0 : 1);
                foreach (var vm in leaving.Where(v => Runs(placement.HostOf(v))))
                    yield return new Breach(SystemRule.For(group.Sentence), vm.Ref, $"vms {string.Join(", ", here.Select(v => v.Name))} are on {here.Key}", (p, context) => Relocate(p, vm, context));
            }
        }
    }

    private IEnumerable<Breach> NotTogether()
    {
        foreach (var group in _constraints.Together.All.Where(g => g.Hard))
        {
            var places = group.Members.Select(v => _facts.Site.Vms[v]).GroupBy(Place).ToList();
            if (places.Count < 2 || group.Members.Any(v => _goingTo.ContainsKey(_facts.Site.Vms[v].Name))) continue;
            var first = _facts.Site.Vms[group.Members[0]];
            yield return new Breach(
                SystemRule.For(group.Sentence), first.Ref, $"they are on {string.Join(", ", places.Select(p => p.Key).Order(StringComparer.Ordinal))}", (p, context) => Gather(p, first, context));
        }
    }

    private IEnumerable<Breach> TooFewOn()
    {
        foreach (var cluster in _facts.Site.Hosts.GroupBy(h => h.Cluster, StringComparer.Ordinal))
        {
            var (minimum, text) = _constraints.Set.MinimumHostsOn(cluster.Key);
            var on = cluster.Count(h => h.State == HostState.On || IsComing(h));
            if (on < minimum)
                yield return new Breach(
                    SystemRule.Named($"constraint: {text}"), SubjectRef.Cluster(cluster.Key), $"{on} of {minimum} are on", (p, context) => HostPowerPlanner.Wake(p, cluster.Key, minimum - on, context));
        }
    }

    private IEnumerable<Breach> NoReserve()
    {
        foreach (var cluster in _facts.Site.Hosts.Select(h => h.Cluster).Distinct(StringComparer.Ordinal))
        {
            if (_constraints.ReserveOf(cluster) is not { } reserve || _facts.Site.Hosts.Any(h => h.Cluster == cluster && IsComing(h)) || reserve.BrokenBecause(placement) is not { } reason) continue;
            yield return new Breach(SystemRule.For(reserve.Sentence), SubjectRef.Cluster(cluster), reason, (p, context) => HostPowerPlanner.WakeForReserve(p, cluster, context));
        }
    }

    private bool IsComing(Host host) => HostPowerPlanner.IsComing(_facts, host);

    private string Place(Vm vm) => _goingTo.TryGetValue(vm.Name, out var to) ? to : vm.Host;

    private long MemoryToCome(Placement p, int host)
    {
        var sum = p.MemoryAt(host);
        foreach (var v in p.VmsAt(host)) if (_goingTo.TryGetValue(_facts.Site.Vms[v].Name, out var to) && to != _facts.Site.Hosts[host].Name) sum -= _facts.Site.Vms[v].MemoryBytes;
        return sum;
    }

    private int VcpusToCome(Placement p, int host)
    {
        var sum = _constraints.VcpusOn(p, host);
        foreach (var v in p.VmsAt(host)) if (_goingTo.TryGetValue(_facts.Site.Vms[v].Name, out var to) && to != _facts.Site.Hosts[host].Name) sum -= _facts.Site.Vms[v].Vcpus;
        return sum;
    }

    /// <summary>Takes VMs off a host, the one that weighs most first, until it is within its bounds.</summary>
    private Proposal Relieve(Placement p, int host, PlanningContext context, Func<Placement, bool> isOver, Func<Vm, double> weight)
    {
        var (actions, why) = (ImmutableArray.CreateBuilder<PlannedAction>(), ImmutableArray.CreateBuilder<string>());
        foreach (var vm in p.VmsOn(_facts.Site.Hosts[host]).OrderByDescending(weight).ThenBy(v => v.Name, StringComparer.Ordinal).ToList())
        {
            if (!isOver(p)) break;
            if (p.HostOf(vm).Name != vm.Host) continue;
            var moved = Relocate(p, vm, context);
            if (moved.Actions.IsEmpty) why.AddRange(moved.Refused.SelectMany(r => r.Why));
            p = moved.After;
            actions.AddRange(moved.Actions);
        }

        return new Proposal(p, actions.ToImmutable(), isOver(p) ? [context.Refuse(RefusalCode.NoHostFits, _facts.Site.Hosts[host].Ref.ToString(), [.. why])] : []);
    }

    /// <summary>To the host with most memory left; a refusal where no host takes it.</summary>
    private Proposal Relocate(Placement p, Vm vm, PlanningContext context)
    {
        if (PlacementFilters.ForVm(p, vm, ignoreCooldown: true) is { } stays) return Proposal.Nothing(p, context.Refuse(stays.Code, vm.Ref.ToString(), $"vm {vm.Name} stays: {stays.Reason}"));
        var target = TargetScores.Best(p, vm, Resource.Memory, HostPreference.Coolest, limits, h => !context.LeavesAlone(h), ignoreCooldown: true);
        if (target is null) return Proposal.Nothing(p, context.Refuse(RefusalCode.NoHostFits, vm.Ref.ToString(), $"vm {vm.Name}: {WhyNone(p, vm)}"));
        var unit = UnitMoves.Try(p, vm, target, limits, ignoreCooldown: true);
        return new Proposal(unit.After, [.. unit.Moves], []);
    }

    /// <summary>All to one host: where most of them are, else where others of them are. A host with none of them would scatter them further on the way.</summary>
    private Proposal Gather(Placement p, Vm first, PlanningContext context)
    {
        var unit = _constraints.UnitOf(p.IndexOf(first)).Select(v => _facts.Site.Vms[v]).ToList();
        var groups = _constraints.Together.All.Where(g => g.Hard).Select(g => g.Members.Select(v => _facts.Site.Vms[v]).ToList()).Where(g => g.Any(unit.Contains))
            .Select(g => g.Select(p.HostOf).ToHashSet()).Where(hosts => hosts.Count > 1).ToList();
        var targets = _facts.Site.Hosts.Where(h => h.State == HostState.On && !context.LeavesAlone(h) && groups.All(g => g.Contains(h)))
            .OrderByDescending(h => unit.Where(v => p.HostOf(v) == h).Sum(v => v.MemoryBytes)).ThenBy(h => p.MemoryPercent(h)).ThenBy(h => h.Name, StringComparer.Ordinal);
        var why = new List<string>();
        foreach (var target in targets)
        {
            var moves = UnitMoves.Try(p, first, target, limits, ignoreCooldown: true);
            if (moves.Why is null) return new Proposal(moves.After, [.. moves.Moves], []);
            if (why.Count < 5) why.Add($"{target.Name}: {moves.Why.Reason}");
        }

        if (why.Count == 0) why.Add("no host that is on has some of them already, and another would scatter them further on the way");
        return Proposal.Nothing(p, context.Refuse(RefusalCode.NoHostFits, first.Ref.ToString(), [.. why]));
    }

    private string WhyNone(Placement p, Vm vm)
    {
        var others = _facts.Site.Hosts.Where(h => h != p.HostOf(vm)).ToList();
        var named = others.Take(5).Select(h => $"{h.Name} {(PlacementFilters.ForTarget(p, vm, h, limits, asGroup: true) ?? UnitMoves.Try(p, vm, h, limits, true).Why)?.Reason ?? "is being switched"}");
        return others.Count == 0 ? "there is no other host" : string.Join("; ", named) + (others.Count > 5 ? $"; and {others.Count - 5} more hosts" : "");
    }
}
