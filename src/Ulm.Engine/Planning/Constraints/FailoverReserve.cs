using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Constraints;

/// <summary>
/// <c>reserve N hosts</c> in one cluster: whichever N of its hosts fail, their VMs fit on the rest by memory and CPU, each as a whole on one
/// host. Bin packing is hard, so the answer is on the safe side: yes only where a packing was found, or where one must exist.
/// VMs under way count on both hosts; VMs whose CPU use is unknown count with all their vCPUs; apart and together do not count: after
/// a failure, a VM beside one it is kept apart from is better than a VM that does not run.
/// </summary>
internal sealed class FailoverReserve
{
    /// <summary>Sets of failing hosts that are tried one by one; of more, only a rough bound can tell.</summary>
    private const int MostSets = 20_000;

    private readonly StandingConstraint.ReserveHosts _sentence;
    private readonly SiteConstraints _constraints;
    private readonly SiteFacts _facts;
    private readonly ImmutableArray<int> _hosts;
    private readonly ImmutableArray<int> _receivers;
    private readonly double _memoryLimit;
    private readonly bool _allRunAnywhere;
    private readonly (long Memory, double Cpu) _largest;

    /// <summary>By host: what its VMs of unknown use could use at most, which the placement counts as nothing.</summary>
    private readonly double[] _unknown;
    private Tuple<Placement, bool>? _asItIs;

    public FailoverReserve(StandingConstraint.ReserveHosts sentence, string cluster, SiteConstraints constraints, SiteFacts facts)
    {
        (_sentence, _constraints, _facts) = (sentence, constraints, facts);
        var hosts = facts.Site.Hosts;
        _hosts = [.. Enumerable.Range(0, hosts.Length).Where(h => hosts[h].Cluster == cluster)];
        _receivers = [.. _hosts.Where(h => hosts[h].State is HostState.On or HostState.Draining && !facts.Orders.ContainsKey(hosts[h].Name))];
        _memoryLimit = constraints.Set.Limits.MemoryPercent / 100;
        _allRunAnywhere = true;
        _unknown = new double[hosts.Length];
        foreach (var h in _hosts)
        {
            foreach (var vm in facts.Site.VmsOn(hosts[h].Name))
            {
                var cpu = facts.Read(vm.Ref, PolicyAttribute.VmCpu);
                _largest = (Math.Max(_largest.Memory, vm.MemoryBytes), Math.Max(_largest.Cpu, vm.CpuDemand(cpu.IsKnown ? cpu.Value : 100)));
                if (!cpu.IsKnown) _unknown[h] += vm.CpuDemand(100);
                if (vm.CpuModel is not null) _allRunAnywhere = false;
            }
        }

        if (constraints.Set.Of<StandingConstraint.KeepOn>().Any()) _allRunAnywhere = false;
    }

    public StandingConstraint.ReserveHosts Sentence => _sentence;

    /// <summary>Why a move must not be; null: it may. Where the reserve is broken already, a move that makes it no worse may be.</summary>
    public string? ForMove(Placement placement, int vm, int target)
    {
        if (placement.HostAt(vm) == target) return null;
        var after = new Loads(this, placement, vm, target);
        if (after.Fit(_sentence.Count) is not { } failure) return null;
        if (IsKept(placement)) return Told(failure);
        return after.IsNoWorseThan(new Loads(this, placement), _sentence.Count) ? null : Told(failure);
    }

    /// <param name="closing">Hosts that go off before it.</param>
    public string? ForPowerOff(Placement placement, int host, IReadOnlySet<string> closing) =>
        new Loads(this, placement, without: h => h == host || closing.Contains(_facts.Site.Hosts[h].Name)).Fit(_sentence.Count) is { } failure ? Told(failure) : null;

    /// <summary>What breaks the reserve as things stand; null: nothing.</summary>
    public string? BrokenBecause(Placement placement) => new Loads(this, placement).Fit(_sentence.Count) is { } failure ? Told(failure) : null;

    private bool IsKept(Placement placement)
    {
        if (_asItIs is { } known && ReferenceEquals(known.Item1, placement)) return known.Item2;
        var kept = new Loads(this, placement).Fit(_sentence.Count) is null;
        _asItIs = Tuple.Create(placement, kept);
        return kept;
    }

    private string Told(string failure) => $"\"{_sentence.Text}\": {failure}";

    private bool MayRun(int vm, int host) => _allRunAnywhere
        || (CpuModels.Fits(_facts.Site.Vms[vm].CpuModel, _facts.Site.Hosts[host]) && _constraints.KeepOnAllows(vm, host));

    /// <summary>Who is where and how much room there is, for one question.</summary>
    private sealed class Loads
    {
        private readonly FailoverReserve _reserve;
        private readonly Placement _placement;
        private readonly int _extraVm;
        private readonly int _extraHost;
        private int[] _receivers;
        private long[] _memory;
        private double[] _cpu;
        private bool _sorted;

        public Loads(FailoverReserve reserve, Placement placement, int extraVm = -1, int extraHost = -1, Func<int, bool>? without = null)
        {
            (_reserve, _placement, _extraVm, _extraHost) = (reserve, placement, extraVm, extraHost);
            var hosts = placement.Site.Hosts;
            _receivers = without is null ? [.. reserve._receivers] : [.. reserve._receivers.Where(h => !without(h))];
            _memory = new long[_receivers.Length];
            _cpu = new double[_receivers.Length];
            for (var i = 0; i < _receivers.Length; i++)
            {
                var h = _receivers[i];
                _memory[i] = (long)(reserve._memoryLimit * hosts[h].MemoryBytes) - placement.MemoryAt(h);
                _cpu[i] = hosts[h].CpuCapacity - placement.CpuAt(h);
                if (h != extraHost) continue;
                _memory[i] -= placement.Site.Vms[extraVm].MemoryBytes;
                _cpu[i] -= Demand(extraVm);
            }
        }

        /// <returns>Null: they fit. Else which hosts' failure would leave which VM without a place.</returns>
        public string? Fit(int failing)
        {
            if (SurelyFits(failing)) return null;
            foreach (var set in Sets(failing) ?? [])
                if (Unplaced(set) is { Vm: >= 0 } stuck) return Stuck(set, stuck.Vm);
            return Sets(failing) is null
                ? $"with {_reserve._hosts.Length} hosts there are too many ways in which {failing} can fail to try them all, and there is not so much room that it is plain"
                : null;
        }

        /// <summary>Whichever hosts fail, no more is left without a place than before.</summary>
        public bool IsNoWorseThan(Loads before, int failing) => Sets(failing)?.All(s => Unplaced(s).Bytes is var left && (left == 0 || left <= before.Unplaced(s).Bytes)) ?? false;

        /// <summary>
        /// A first fit leaves an item over only if each host has less room left than the largest item needs, by memory or by CPU. So what was
        /// placed fills all hosts but for one such item each, in one of the two. Where the hosts have twice the room that this would take, it can't be.
        /// </summary>
        private bool SurelyFits(int failing)
        {
            if (!_reserve._allRunAnywhere) return false;
            var memory = Top(failing, h => _placement.MemoryAt(h) + (h == _extraHost ? _placement.Site.Vms[_extraVm].MemoryBytes : 0));
            var cpu = Top(failing, h => _placement.CpuAt(h) + _reserve._unknown[h] + (h == _extraHost ? Demand(_extraVm) : 0));
            if (memory <= 0) return true;
            var shares = new double[_receivers.Length];
            for (var i = 0; i < shares.Length; i++)
            {
                var byMemory = Math.Max(0, _memory[i] - _reserve._largest.Memory) / memory;
                var byCpu = cpu > 0 ? Math.Max(0, _cpu[i] - _reserve._largest.Cpu) / cpu : double.PositiveInfinity;
                shares[i] = Math.Min(byMemory, byCpu);
            }

            Array.Sort(shares);
            var sum = 0.0;
            for (var i = 0; i < shares.Length - failing; i++) sum += shares[i];
            return sum >= 2;
        }

        /// <summary>The sum of the largest.</summary>
        private double Top(int count, Func<int, double> load)
        {
            var top = new double[Math.Min(count, _reserve._hosts.Length)];
            foreach (var host in _reserve._hosts)
            {
                var value = load(host);
                for (var i = 0; i < top.Length && value > 0; i++) if (value > top[i]) (top[i], value) = (value, top[i]);
            }

            return top.Sum();
        }

        /// <summary>Every set of hosts that may fail; null: too many.</summary>
        private IEnumerable<int[]>? Sets(int failing)
        {
            var candidates = _reserve._hosts.Where(h => _placement.Site.Hosts[h].State is not (HostState.Off or HostState.PoweringOff or HostState.PoweringOn)).ToArray();
            if (failing >= candidates.Length) return candidates.Length == 0 ? [] : [candidates];
            var count = 1.0;
            for (var i = 0; i < failing; i++) count = count * (candidates.Length - i) / (i + 1);
            return count > MostSets && failing > 1 ? null : Chosen(candidates, failing, 0);
        }

        private static IEnumerable<int[]> Chosen(int[] of, int count, int from)
        {
            if (count == 0) return [[]];
            return Enumerable.Range(from, Math.Max(0, of.Length - count - from + 1)).SelectMany(i => Chosen(of, count - 1, i + 1).Select(rest => (int[])[of[i], .. rest]));
        }

        /// <summary>Tries to place the VMs of failed hosts: largest first, where there is most room, else where it is tightest.</summary>
        private (int Vm, long Bytes) Unplaced(int[] failed)
        {
            var items = failed.SelectMany(VmsOf).Distinct().OrderByDescending(Size).ThenBy(v => v).ToArray();
            if (items.Length == 0) return (-1, 0);
            var first = Pack(items, failed, backwards: false);
            return first.Vm < 0 ? first : Pack(items, failed, backwards: true) is var second && second.Bytes < first.Bytes ? second : first;
        }

        private (int Vm, long Bytes) Pack(int[] items, int[] failed, bool backwards)
        {
            Sort();
            var placed = new List<(int Receiver, int Vm)>();
            var (stuck, bytes) = (-1, 0L);
            foreach (var vm in items)
            {
                var found = false;
                for (var n = 0; n < _receivers.Length && !found; n++)
                {
                    var i = backwards ? _receivers.Length - 1 - n : n;
                    if (_memory[i] < _placement.Site.Vms[vm].MemoryBytes || _cpu[i] < Demand(vm) || failed.Contains(_receivers[i]) || !_reserve.MayRun(vm, _receivers[i])) continue;
                    Take(i, vm, 1);
                    placed.Add((i, vm));
                    found = true;
                }

                if (found) continue;
                if (stuck < 0) stuck = vm;
                bytes += Math.Max(1, _placement.Site.Vms[vm].MemoryBytes);
            }

            foreach (var (i, vm) in placed) Take(i, vm, -1);
            return (stuck, bytes);
        }

        /// <summary>Most room first: a first fit then finds a place at once on all but the fullest sites.</summary>
        private void Sort()
        {
            if (_sorted) return;
            var order = new int[_receivers.Length];
            for (var i = 0; i < order.Length; i++) order[i] = i;
            var memory = _memory;
            Array.Sort(order, (a, b) => memory[a] != memory[b] ? memory[b].CompareTo(memory[a]) : a.CompareTo(b));
            (_receivers, _memory, _cpu, _sorted) = (Sorted(_receivers, order), Sorted(_memory, order), Sorted(_cpu, order), true);
        }

        private void Take(int receiver, int vm, int sign)
        {
            _memory[receiver] -= sign * _placement.Site.Vms[vm].MemoryBytes;
            _cpu[receiver] -= sign * Demand(vm);
        }

        private IEnumerable<int> VmsOf(int host)
        {
            foreach (var vm in _placement.VmsAt(host)) yield return vm;
            foreach (var vm in _reserve._constraints.InboundAt(host)) yield return vm;
            if (host == _extraHost) yield return _extraVm;
        }

        private double Demand(int vm) => double.IsFinite(_placement.DemandAt(vm)) ? _placement.DemandAt(vm) : _placement.Site.Vms[vm].CpuDemand(100);

        private double Size(int vm) => Math.Max(
            _placement.Site.Vms[vm].MemoryBytes / (double)Math.Max(1, _reserve._largest.Memory), Demand(vm) / Math.Max(1e-9, _reserve._largest.Cpu));

        private string Stuck(int[] failed, int vm)
        {
            var hosts = _placement.Site.Hosts;
            var left = _receivers.Count(r => !failed.Contains(r));
            var room = _receivers.Select((r, i) => (r, Room: _memory[i])).Where(x => !failed.Contains(x.r)).Select(x => x.Room).DefaultIfEmpty(0).Max();
            return $"if {string.Join(" and ", failed.Select(h => hosts[h].Name))} fail{(failed.Length == 1 ? "s" : "")}, vm {_placement.Site.Vms[vm].Name} " +
                $"({Show.Bytes(_placement.Site.Vms[vm].MemoryBytes)}) finds no place among what else runs there on {left} host(s), of which none has more than {Show.Bytes(Math.Max(0, room))} free";
        }

        private static T[] Sorted<T>(T[] items, int[] order) => [.. order.Select(i => items[i])];
    }
}
