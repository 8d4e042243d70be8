using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Constraints;

/// <summary>
/// <c>reserve N hosts</c> in one cluster: whichever N of its hosts fail, their VMs fit on the rest by memory and CPU, each as a whole on one
/// host. Bin packing is hard, so there are three answers: a packing was found, or must exist; it is proven that there is none; or it could not
/// be decided with the effort allowed, which counts as no. Broken already, so that a move may leave it broken, is only what is proven to be.
/// VMs under way count on both hosts; VMs whose CPU use is unknown count with all their vCPUs; apart and together do not count: after
/// a failure, a VM beside one it is kept apart from is better than a VM that does not run.
/// </summary>
internal sealed class FailoverReserve
{
    /// <summary>Sets of failing hosts that are tried one by one; of more, only a rough bound can tell.</summary>
    private const int MostSets = 20_000;

    /// <summary>Hosts looked at for a place of a failed host's VM, for one question: about a millisecond.</summary>
    private const long MostLooks = 200_000;

    private readonly StandingConstraint.ReserveHosts _sentence;
    private readonly SiteConstraints _constraints;
    private readonly SiteFacts _facts;
    private readonly Lazy<int[][]?> _sets;
    private (Placement? Of, FailoverLoads Loads, Dictionary<int, Fitting> Known, long LooksLeft) _before;

    public FailoverReserve(StandingConstraint.ReserveHosts sentence, string cluster, SiteConstraints constraints, SiteFacts facts)
    {
        (_sentence, _constraints, _facts) = (sentence, constraints, facts);
        var hosts = facts.Site.Hosts;
        Members = [.. Enumerable.Range(0, hosts.Length).Where(h => hosts[h].Cluster == cluster)];
        Receivers = [.. Members.Where(h => hosts[h].State is HostState.On or HostState.Draining && !facts.Orders.ContainsKey(hosts[h].Name))];
        MemoryLimit = constraints.Set.Limits.MemoryPercent / 100;
        AllRunAnywhere = true;
        UnknownUse = new double[hosts.Length];
        foreach (var h in Members)
        {
            foreach (var vm in facts.Site.VmsOn(hosts[h].Name))
            {
                var cpu = facts.Read(vm.Ref, PolicyAttribute.VmCpu);
                Largest = (Math.Max(Largest.Memory, vm.MemoryBytes), Math.Max(Largest.Cpu, vm.CpuDemand(cpu.IsKnown ? cpu.Value : 100)));
                if (!cpu.IsKnown) UnknownUse[h] += vm.CpuDemand(100);
                if (vm.CpuModel is not null) AllRunAnywhere = false;
            }
        }

        if (constraints.Set.Of<StandingConstraint.KeepOn>().Any()) AllRunAnywhere = false;
        _sets = new(() => Sets(sentence.Count));
    }

    public StandingConstraint.ReserveHosts Sentence => _sentence;

    internal ImmutableArray<Host> Hosts => _facts.Site.Hosts;

    /// <summary>The hosts of the cluster.</summary>
    internal ImmutableArray<int> Members { get; }

    /// <summary>Of these, the ones that take VMs of others.</summary>
    internal ImmutableArray<int> Receivers { get; }

    /// <summary>Of a host's memory, 0 to 1.</summary>
    internal double MemoryLimit { get; }

    internal bool AllRunAnywhere { get; }

    internal (long Memory, double Cpu) Largest { get; }

    /// <summary>By host: what its VMs of unknown use could use at most, which the placement counts as nothing.</summary>
    internal double[] UnknownUse { get; }

    internal ImmutableArray<int> InboundAt(int host) => _constraints.InboundAt(host);

    internal bool MayRun(int vm, int host) => AllRunAnywhere
        || (CpuModels.Fits(_facts.Site.Vms[vm].CpuModel, Hosts[host]) && _constraints.KeepOnAllows(vm, host));

    /// <summary>
    /// Why a move must not be; null: it may. Where a failure can't be coped with already, a move that makes it no worse may be.
    /// </summary>
    public string? ForMove(Placement placement, int vm, int target)
    {
        if (placement.HostAt(vm) == target) return null;
        var after = new FailoverLoads(this, placement, vm, target);
        if (after.SurelyFits(_sentence.Count)) return null;
        if (_sets.Value is not { } sets) return Told(TooMany());
        var (mayReturn, looks, looksByMemory) = (MayReturn(placement, vm), MostLooks, MostLooks);
        for (var i = 0; i < sets.Length; i++)
        {
            if ((mayReturn && sets[i].Contains(target)) || after.Decide(sets[i], ref looks) is var fits && fits == Fitting.Fits) continue;
            var (before, was) = Before(placement, i, sets[i]);
            if (was == Fitting.NotDecided) return Told(before.Why(sets[i], was));
            if (was == Fitting.Fits || !after.IsNoWorseThan(before, sets[i], ref looksByMemory)) return Told(after.Why(sets[i], fits));
        }

        return null;
    }

    /// <summary>If the host that it goes to fails, there is room for it where it came from: no VM is worse off than it was before.</summary>
    private bool MayReturn(Placement placement, int vm)
    {
        var from = placement.HostAt(vm);
        return Receivers.Contains(from) && MayRun(vm, from) && placement.MemoryAt(from) <= MemoryLimit * Hosts[from].MemoryBytes && placement.CpuAt(from) <= Hosts[from].CpuCapacity;
    }

    /// <summary>Decided once for each placement, so that who asks again is told the same.</summary>
    private (FailoverLoads Loads, Fitting Fits) Before(Placement placement, int number, int[] set)
    {
        if (!ReferenceEquals(_before.Of, placement)) _before = (placement, new FailoverLoads(this, placement), [], MostLooks);
        if (!_before.Known.TryGetValue(number, out var fits)) _before.Known.Add(number, fits = _before.Loads.Decide(set, ref _before.LooksLeft));
        return (_before.Loads, fits);
    }

    /// <param name="closing">Hosts that go off before it.</param>
    public string? ForPowerOff(Placement placement, int host, IReadOnlySet<string> closing) =>
        Failure(new FailoverLoads(this, placement, without: h => h == host || closing.Contains(Hosts[h].Name)));

    /// <summary>What breaks the reserve as things stand, or what could not be decided; null: it holds.</summary>
    public string? BrokenBecause(Placement placement) => Failure(new FailoverLoads(this, placement));

    private string? Failure(FailoverLoads loads)
    {
        if (loads.SurelyFits(_sentence.Count)) return null;
        if (_sets.Value is not { } sets) return Told(TooMany());
        var looks = MostLooks;
        foreach (var set in sets) if (loads.Decide(set, ref looks) is var fits and not Fitting.Fits) return Told(loads.Why(set, fits));
        return null;
    }

    private string Told(string failure) => $"\"{_sentence.Text}\": {failure}";

    private string TooMany() => $"with {Members.Length} hosts there are too many ways in which {_sentence.Count} can fail to try them all, and there is not so much room that it is plain";

    /// <summary>Every set of hosts that may fail; null: too many.</summary>
    private int[][]? Sets(int failing)
    {
        var candidates = Members.Where(h => Hosts[h].State is not (HostState.Off or HostState.PoweringOff or HostState.PoweringOn or HostState.Failed)).ToArray();
        if (failing >= candidates.Length) return candidates.Length == 0 ? [] : [candidates];
        var count = 1.0;
        for (var i = 0; i < failing; i++) count = count * (candidates.Length - i) / (i + 1);
        return count > MostSets && failing > 1 ? null : [.. Chosen(candidates, failing, 0)];
    }

    private static IEnumerable<int[]> Chosen(int[] of, int count, int from)
    {
        if (count == 0) return [[]];
        return Enumerable.Range(from, Math.Max(0, of.Length - count - from + 1)).SelectMany(i => Chosen(of, count - 1, i + 1).Select(rest => (int[])[of[i], .. rest]));
    }
}
