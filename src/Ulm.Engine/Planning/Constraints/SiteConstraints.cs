using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Planning.Constraints;

/// <summary>
/// The constraints compiled onto one site at one instant: hosts and VMs are numbers, selectors are resolved, and each question is a few array
/// reads, so that a search may ask it a million times. Immutable. Which VM is where is the placement's to say, and is handed in.
/// </summary>
public sealed class SiteConstraints
{
    private readonly SiteFacts _facts;
    private readonly string?[]? _never;
    private readonly (StandingConstraint.KeepOn Sentence, Truth[] Hosts)[] _keepOn;
    private readonly ImmutableArray<int>[]? _keepOnOf;
    private readonly StandingConstraint.NeverPowerOff?[]? _staysOn;
    private readonly StandingConstraint.ReserveShare?[] _cpuShare;
    private readonly StandingConstraint.ReserveShare?[] _memoryShare;
    private readonly StandingConstraint.OvercommitCpu? _overcommit;
    private readonly ImmutableArray<int>[]? _inbound;
    private readonly Dictionary<int, int> _boundFor = [];
    private readonly Dictionary<string, FailoverReserve> _reserves = new(StringComparer.Ordinal);

    internal SiteConstraints(ConstraintSet set, SiteFacts facts, Func<string, int> hostIndex, Func<string, int> vmIndex)
    {
        (Set, _facts) = (set, facts);
        var (hosts, vms) = (facts.Site.Hosts, facts.Site.Vms);
        Apart = new VmGroups(VmGroup.Apart(set, facts.Site), vms.Length);
        Together = new VmGroups(VmGroup.Together(set, facts.Site), vms.Length);
        _never = Never(set, vms);
        _keepOn = [.. set.Of<StandingConstraint.KeepOn>().Select(c => (c, hosts.Select(h => Selection.Selects(c.Hosts, h, facts)).ToArray()))];
        _keepOnOf = _keepOn.Length == 0 ? null : [.. vms.Select(v => (ImmutableArray<int>)[.. Enumerable.Range(0, _keepOn.Length).Where(k => Selection.Selects(_keepOn[k].Sentence.Vms, v))])];
        _staysOn = StaysOn(set, hosts);
        _cpuShare = [.. hosts.Select(h => set.LargestShare(Resource.Cpu, h.Cluster))];
        _memoryShare = [.. hosts.Select(h => set.LargestShare(Resource.Memory, h.Cluster))];
        _overcommit = set.Overcommit;
        foreach (var move in facts.Moves)
        {
            var (vm, to) = (vmIndex(move.Vm), hostIndex(move.To));
            if (vm < 0 || to < 0 || vms[vm].Host == move.To) continue;
            if (_inbound is null) Array.Fill(_inbound = new ImmutableArray<int>[hosts.Length], []);
            _inbound[to] = _inbound[to].Add(vm);
            _boundFor[vm] = to;
        }

        foreach (var cluster in hosts.Select(h => h.Cluster).Distinct(StringComparer.Ordinal))
            if (set.LargestReserve(cluster) is { } reserve) _reserves.Add(cluster, new FailoverReserve(reserve, cluster, this, facts));
    }

    public ConstraintSet Set { get; }

    internal VmGroups Apart { get; }

    internal VmGroups Together { get; }

    /// <summary>What holds in one cluster beside single hosts; null: no host there is held in reserve.</summary>
    internal FailoverReserve? ReserveOf(string cluster) => _reserves.GetValueOrDefault(cluster);

    /// <summary>Why the reserve of a cluster does not hold as things stand; null: it does, or there is none.</summary>
    public string? ReserveBrokenIn(string cluster, Placement placement) => ReserveOf(cluster)?.BrokenBecause(placement);

    /// <summary>VMs under way to a host: they count there as well as where they are.</summary>
    internal ImmutableArray<int> InboundAt(int host) => _inbound is null ? [] : _inbound[host];

    /// <summary>Why a VM must not move at all, wherever to; null: nothing here speaks against it.</summary>
    /// <param name="ignoreCooldown">For drains and for mending what is broken.</param>
    public Obstacle? ForbidsMoving(int vm, bool ignoreCooldown)
    {
        if (_never?[vm] is { } sentence) return new Obstacle(RefusalCode.NeverMigrate, $"\"{sentence}\"");
        return ignoreCooldown ? null : CoolingDown(_facts.Site.Vms[vm].Name);
    }

    /// <summary>Per cent of a host's CPU that VMs may use by a move there.</summary>
    internal double CpuCap(int host) => 100 - (_cpuShare[host]?.Percent ?? 0);

    internal double MemoryCap(int host) => 100 - (_memoryShare[host]?.Percent ?? 0);

    /// <summary>vCPUs that a host may carry.</summary>
    internal double VcpuCap(int host) => _overcommit is null ? double.PositiveInfinity : _overcommit.Factor * _facts.Site.Hosts[host].Cpus;

    /// <summary>Which VMs a sentence lets run on a host. What is not known of a host is not permission.</summary>
    internal bool KeepOnAllows(int vm, int host)
    {
        if (_keepOnOf is null) return true;
        foreach (var k in _keepOnOf[vm]) if (_keepOn[k].Hosts[host] != Truth.True) return false;
        return true;
    }

    /// <summary>The sentence that a VM breaks by where it is; null: none, or it is not known.</summary>
    internal StandingConstraint? KeepOnBrokenBy(int vm, int host)
    {
        if (_keepOnOf is null) return null;
        foreach (var k in _keepOnOf[vm]) if (_keepOn[k].Hosts[host] == Truth.False) return _keepOn[k].Sentence;
        return null;
    }

    /// <summary>What speaks against this VM on this host, by all that can be said of the two and of who is there.</summary>
    /// <param name="asGroup">True: the VMs it is kept together with come along.</param>
    internal RefusalCode? Objection(Placement placement, int vm, int target, bool asGroup)
    {
        if (!KeepOnAllows(vm, target)) return RefusalCode.KeepOn;
        if (MateOn(placement, vm, target) >= 0) return RefusalCode.KeepApart;
        if (!asGroup && LeftBehind(placement, vm, target) >= 0) return RefusalCode.KeepTogether;
        var (v, host) = (_facts.Site.Vms[vm], _facts.Site.Hosts[target]);
        if (_memoryShare[target] is { } memory && placement.MemoryAt(target) + v.MemoryBytes > (100 - memory.Percent) / 100 * host.MemoryBytes) return RefusalCode.ReservedShare;
        if (_cpuShare[target] is { } cpu && placement.CpuAt(target) + placement.DemandAt(vm) > (100 - cpu.Percent) / 100 * host.CpuCapacity) return RefusalCode.ReservedShare;
        if (_overcommit is not null && VcpusOn(placement, target) + v.Vcpus > VcpuCap(target)) return RefusalCode.Overcommitted;
        return ReserveOf(host.Cluster)?.ForMove(placement, vm, target) is null ? null : RefusalCode.ReservedHosts;
    }

    internal string Reason(RefusalCode code, Placement placement, int vm, int target)
    {
        var (v, host) = (_facts.Site.Vms[vm], _facts.Site.Hosts[target]);
        switch (code)
        {
            case RefusalCode.KeepOn:
                var (sentence, _) = _keepOn[_keepOnOf![vm].First(k => _keepOn[k].Hosts[target] != Truth.True)];
                return $"is not where \"{sentence.Text}\" lets it run";
            case RefusalCode.KeepApart:
                var mate = MateOn(placement, vm, target);
                return $"has vm {_facts.Site.Vms[mate].Name}: \"{Apart.All[Apart.Of(vm).First(g => Apart.All[g].Members.Contains(mate))].Sentence.Text}\"";
            case RefusalCode.KeepTogether:
                var left = LeftBehind(placement, vm, target);
                return $"does not have vm {_facts.Site.Vms[left].Name}: \"{Together.All[Together.Of(vm).First(g => Together.All[g].Members.Contains(left))].Sentence.Text}\"";
            case RefusalCode.ReservedShare when _memoryShare[target] is { } memory && placement.MemoryAt(target) + v.MemoryBytes > (100 - memory.Percent) / 100 * host.MemoryBytes:
                return $"memory {Show.Bytes(placement.MemoryAt(target))} + {Show.Bytes(v.MemoryBytes)} of {Show.Bytes(host.MemoryBytes)} is over {Show.Percent(100 - memory.Percent)}: \"{memory.Text}\"";
            case RefusalCode.ReservedShare:
                return $"cpu {Show.Percent(placement.CpuAt(target) / host.CpuCapacity * 100)} + {Show.Percent(placement.DemandAt(vm) / host.CpuCapacity * 100)} is over {Show.Percent(CpuCap(target))}: \"{_cpuShare[target]!.Text}\"";
            case RefusalCode.Overcommitted:
                return $"{VcpusOn(placement, target)} + {v.Vcpus} vCPUs on {host.Cpus} CPUs is over {VcpuCap(target):0.##}: \"{_overcommit!.Text}\"";
            default:
                return ReserveOf(host.Cluster)!.ForMove(placement, vm, target)!;
        }
    }

    /// <summary>What forbids that this host goes off; null: nothing.</summary>
    /// <param name="hostsOn">Hosts of its cluster that are on and open, this one included.</param>
    /// <param name="closing">Hosts that go off before it, though they are on still. Null: the reserve is not asked about, as the host is not empty yet.</param>
    internal Obstacle? ForbidsPoweringOff(Placement placement, int host, int hostsOn, IReadOnlySet<string>? closing)
    {
        var h = _facts.Site.Hosts[host];
        if (_facts.HoldOn(h) is { } hold) return new Obstacle(RefusalCode.HeldBack, hold.ToString());
        if (_staysOn?[host] is { } never) return new Obstacle(RefusalCode.NeverPowerOff, $"\"{never.Text}\"");
        if (Set.ForbidsFewer(h, hostsOn) is { } tooFew) return tooFew;
        foreach (var budget in Set.Of<StandingConstraint.PowerCycleBudget>())
        {
            var done = _facts.History.PowerOffsOf(h.Name, _facts.At - budget.Per);
            if (done >= budget.Count) return new Obstacle(RefusalCode.PowerCyclesSpent, $"\"{budget.Text}\": {h.Name} was powered off {done} time(s) within the last {Show.Duration(budget.Per)}");
        }

        if (closing is null) return null;
        return ReserveOf(h.Cluster)?.ForPowerOff(placement, host, closing) is { } reserve ? new Obstacle(RefusalCode.ReservedHosts, reserve) : null;
    }

    /// <summary>How many more migrations may be begun now, with the sentence that says so.</summary>
    /// <param name="waiting">Decided earlier and not begun yet.</param>
    internal (int Left, StandingConstraint.MigrationBudget? Sentence) MovesLeft(int waiting)
    {
        var tightest = Set.Of<StandingConstraint.MigrationBudget>()
            .Select(b => (Left: b.Count - _facts.History.MovesSince(_facts.At - b.Per) - waiting, Sentence: b)).OrderBy(b => b.Left).FirstOrDefault();
        return tightest.Sentence is null ? (int.MaxValue, null) : (Math.Max(0, tightest.Left), tightest.Sentence);
    }

    internal int VcpusOn(Placement placement, int host)
    {
        var sum = 0;
        foreach (var vm in placement.VmsAt(host)) sum += _facts.Site.Vms[vm].Vcpus;
        foreach (var vm in InboundAt(host)) sum += _facts.Site.Vms[vm].Vcpus;
        return sum;
    }

    /// <summary>A VM on that host, or on its way there, that this one is kept apart from; -1: none.</summary>
    internal int MateOn(Placement placement, int vm, int host)
    {
        foreach (var g in Apart.Of(vm))
        {
            if (!Apart.All[g].Hard) continue;
            foreach (var other in placement.VmsAt(host)) if (other != vm && Apart.Of(other).Contains(g)) return other;
            foreach (var other in InboundAt(host)) if (other != vm && Apart.Of(other).Contains(g)) return other;
        }

        return -1;
    }

    internal bool AreApart(int vm, int other) => vm != other && Apart.Of(vm).Any(g => Apart.All[g].Hard && Apart.Of(other).Contains(g));

    /// <summary>A VM that this one is kept together with and that is neither on that host nor bound for it; -1: none.</summary>
    internal int LeftBehind(Placement placement, int vm, int host)
    {
        foreach (var g in Together.Of(vm))
        {
            if (!Together.All[g].Hard) continue;
            foreach (var other in Together.All[g].Members)
                if (other != vm && placement.HostAt(other) != host && !(_boundFor.TryGetValue(other, out var to) && to == host)) return other;
        }

        return -1;
    }

    /// <summary>The VM and all that hard sentences keep together with it, and with them in turn; it alone where none does.</summary>
    internal ImmutableArray<int> UnitOf(int vm)
    {
        if (Together.Of(vm).IsEmpty) return [vm];
        var unit = new SortedSet<int> { vm };
        for (var open = new Queue<int>([vm]); open.TryDequeue(out var next);)
            foreach (var g in Together.Of(next).Where(g => Together.All[g].Hard))
                foreach (var other in Together.All[g].Members) if (unit.Add(other)) open.Enqueue(other);
        return [.. unit];
    }

    private Obstacle? CoolingDown(string vm)
    {
        if (_facts.History.LastMoveOf(vm) is not { } moved) return null;
        foreach (var cooldown in Set.Of<StandingConstraint.VmCooldown>())
        {
            if (moved + cooldown.Duration > _facts.At)
                return new Obstacle(RefusalCode.CoolingDown, $"\"{cooldown.Text}\": it was moved {Show.Duration(_facts.At - moved)} ago");
        }

        return null;
    }

    private static string?[]? Never(ConstraintSet set, ImmutableArray<Vm> vms)
    {
        var sentences = set.Of<StandingConstraint.NeverMigrate>().ToList();
        return sentences.Count == 0 ? null : [.. vms.Select(v => sentences.Find(c => Selection.Selects(c.Vms, v))?.Text)];
    }

    /// <summary>Where it is not known whether a host is meant, it is: what is not known never powers off.</summary>
    private StandingConstraint.NeverPowerOff?[]? StaysOn(ConstraintSet set, ImmutableArray<Host> hosts)
    {
        var sentences = set.Of<StandingConstraint.NeverPowerOff>().ToList();
        return sentences.Count == 0 ? null : [.. hosts.Select(h => sentences.Find(c => Selection.Selects(c.Hosts, h, _facts) != Truth.False))];
    }
}
