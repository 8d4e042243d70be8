namespace Ulm.Engine.Planning.Constraints;

/// <summary>Who is where and how much room there is, for one question.</summary>
internal sealed class FailoverLoads
{
    private readonly FailoverReserve _reserve;
    private readonly Placement _placement;
    private readonly int _extraVm;
    private readonly int _extraHost;
    private int[] _receivers;
    private long[] _memory;
    private double[] _cpu;
    private bool _sorted;

    public FailoverLoads(FailoverReserve reserve, Placement placement, int extraVm = -1, int extraHost = -1, Func<int, bool>? without = null)
    {
        (_reserve, _placement, _extraVm, _extraHost) = (reserve, placement, extraVm, extraHost);
        var hosts = placement.Site.Hosts;
        _receivers = without is null ? [.. reserve.Receivers] : [.. reserve.Receivers.Where(h => !without(h))];
        _memory = new long[_receivers.Length];
        _cpu = new double[_receivers.Length];
        for (var i = 0; i < _receivers.Length; i++)
        {
            var h = _receivers[i];
            _memory[i] = (long)(reserve.MemoryLimit * hosts[h].MemoryBytes) - placement.MemoryAt(h);
            _cpu[i] = hosts[h].CpuCapacity - placement.CpuAt(h);
            if (h != extraHost) continue;
            _memory[i] -= placement.Site.Vms[extraVm].MemoryBytes;
            _cpu[i] -= Demand(extraVm);
        }
    }

    /// <summary>Whether the VMs of these hosts find room on the others if they fail.</summary>
    /// <param name="looks">What may be looked at still; what was used is taken off.</param>
    public Fitting Decide(int[] failed, ref long looks)
    {
        if (Unplaced(failed).Vm < 0) return Fitting.Fits;
        var (items, bins) = (ItemsOf(failed), BinsBeside(failed));
        return new WholeItems(
            [.. items.Select(MemoryOf)], [.. items.Select(Demand)], [.. bins.Select(b => _memory[b])], [.. bins.Select(b => _cpu[b])],
            _reserve.AllRunAnywhere ? null : (item, bin) => _reserve.MayRun(items[item], _receivers[bins[bin]])).Decide(ref looks);
    }

    /// <summary>
    /// Of hosts whose failure can't be coped with: no more is left without a place than before, and where whole hosts' memory would have held all VMs,
    /// as a last resort, it surely still does.
    /// </summary>
    public bool IsNoWorseThan(FailoverLoads before, int[] failed, ref long looks) =>
        Unplaced(failed).Bytes <= before.Unplaced(failed).Bytes && (DecideByMemory(failed, ref looks) == Fitting.Fits || before.DecideByMemory(failed, ref looks) == Fitting.Never);

    private Fitting DecideByMemory(int[] failed, ref long looks)
    {
        var (items, bins) = (ItemsOf(failed), BinsBeside(failed));
        long[] rooms = [.. bins.Select(b => _reserve.Hosts[_receivers[b]].MemoryBytes - Held(_receivers[b]))];
        return new WholeItems([.. items.Select(MemoryOf)], new double[items.Length], rooms, new double[rooms.Length], mayGo: null).Decide(ref looks);
    }

    public string Why(int[] failed, Fitting fits)
    {
        if (fits == Fitting.Never) return Stuck(failed, Unplaced(failed).Vm);
        var (items, bins) = (ItemsOf(failed), BinsBeside(failed));
        return $"if {string.Join(" and ", failed.Select(h => _reserve.Hosts[h].Name))} fail{(failed.Length == 1 ? "s" : "")}, it could not be decided whether {items.Length} VM(s) with {Show.Bytes(items.Sum(MemoryOf))} " +
            $"find a place each in the {Show.Bytes(bins.Sum(b => Math.Max(0, _memory[b])))} that are free on {bins.Length} host(s)";
    }

    /// <summary>
    /// A first fit leaves an item over only if each host has less room left than the largest item needs, by memory or by CPU. So what was
    /// placed fills all hosts but for one such item each, in one of the two. Where the hosts have twice the room that this would take, it can't be.
    /// </summary>
    public bool SurelyFits(int failing)
    {
        if (!_reserve.AllRunAnywhere) return false;
        var memory = Top(failing, h => Held(h));
        var cpu = Top(failing, h => _placement.CpuAt(h) + _reserve.UnknownUse[h] + (h == _extraHost ? Demand(_extraVm) : 0));
        if (memory <= 0) return true;
        var shares = new double[_receivers.Length];
        for (var i = 0; i < shares.Length; i++)
        {
            var byMemory = Math.Max(0, _memory[i] - _reserve.Largest.Memory) / memory;
            var byCpu = cpu > 0 ? Math.Max(0, _cpu[i] - _reserve.Largest.Cpu) / cpu : double.PositiveInfinity;
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
        var top = new double[Math.Min(count, _reserve.Members.Length)];
        foreach (var host in _reserve.Members)
        {
            var value = load(host);
            for (var i = 0; i < top.Length && value > 0; i++) if (value > top[i]) (top[i], value) = (value, top[i]);
        }

        return top.Sum();
    }

    /// <summary>Tries to place the VMs of failed hosts: largest first, where there is most room, else where it is tightest.</summary>
    private (int Vm, long Bytes) Unplaced(int[] failed)
    {
        var items = ItemsOf(failed);
        if (items.Length == 0) return (-1, 0);
        var first = Pack(items, failed, backwards: false);
        return first.Vm < 0 ? first : Pack(items, failed, backwards: true) is var second && second.Bytes < first.Bytes ? second : first;
    }

    /// <summary>Their VMs, largest first.</summary>
    private int[] ItemsOf(int[] failed) => [.. failed.SelectMany(VmsOf).Distinct().OrderByDescending(Size).ThenBy(v => v)];

    /// <summary>By number in <see cref="_receivers"/>.</summary>
    private int[] BinsBeside(int[] failed) => [.. Enumerable.Range(0, _receivers.Length).Where(r => !failed.Contains(_receivers[r]))];

    private long MemoryOf(int vm) => _placement.Site.Vms[vm].MemoryBytes;

    /// <summary>Bytes that a host's VMs hold.</summary>
    private long Held(int host) => _placement.MemoryAt(host) + (host == _extraHost ? MemoryOf(_extraVm) : 0);

    private (int Vm, long Bytes) Pack(int[] items, int[] failed, bool backwards)
    {
        Sort();
        var placed = new List<(int Receiver, long Memory, double Cpu)>();
        var (stuck, bytes) = (-1, 0L);
        foreach (var vm in items)
        {
            var found = false;
            for (var n = 0; n < _receivers.Length && !found; n++)
            {
                var i = backwards ? _receivers.Length - 1 - n : n;
                if (_memory[i] < MemoryOf(vm) || _cpu[i] < Demand(vm) || failed.Contains(_receivers[i]) || !_reserve.MayRun(vm, _receivers[i])) continue;
                placed.Add((i, _memory[i], _cpu[i]));
                _memory[i] -= MemoryOf(vm);
                _cpu[i] -= Demand(vm);
                found = true;
            }

            if (found) continue;
            if (stuck < 0) stuck = vm;
            bytes += Math.Max(1, MemoryOf(vm));
        }

        // Put back as it was: what is added back is not always what was taken off, and the same question would get another answer.
        for (var p = placed.Count - 1; p >= 0; p--) (_memory[placed[p].Receiver], _cpu[placed[p].Receiver]) = (placed[p].Memory, placed[p].Cpu);
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

    private IEnumerable<int> VmsOf(int host)
    {
        foreach (var vm in _placement.VmsAt(host)) yield return vm;
        foreach (var vm in _reserve.InboundAt(host)) yield return vm;
        if (host == _extraHost) yield return _extraVm;
    }

    private double Demand(int vm) => double.IsFinite(_placement.DemandAt(vm)) ? _placement.DemandAt(vm) : _placement.Site.Vms[vm].CpuDemand(100);

    private double Size(int vm) => Math.Max(
        MemoryOf(vm) / (double)Math.Max(1, _reserve.Largest.Memory), Demand(vm) / Math.Max(1e-9, _reserve.Largest.Cpu));

    private string Stuck(int[] failed, int vm)
    {
        var hosts = _placement.Site.Hosts;
        var left = _receivers.Count(r => !failed.Contains(r));
        var room = _receivers.Select((r, i) => (r, Room: _memory[i])).Where(x => !failed.Contains(x.r)).Select(x => x.Room).DefaultIfEmpty(0).Max();
        return $"if {string.Join(" and ", failed.Select(h => hosts[h].Name))} fail{(failed.Length == 1 ? "s" : "")}, vm {_placement.Site.Vms[vm].Name} " +
            $"({Show.Bytes(MemoryOf(vm))}) finds no place among what else runs there on {left} host(s), of which none has more than {Show.Bytes(Math.Max(0, room))} free";
    }

    private static T[] Sorted<T>(T[] items, int[] order) => [.. order.Select(i => items[i])];
}
