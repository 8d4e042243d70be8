using System.Collections.Immutable;

namespace Ulm.Engine.Planning;

/// <summary>
/// Says which steps must wait for which. A move waits for the moves that leave its target before it, unless it fits there with all of
/// them still in place, and for the order that closes its host; a power-off waits for every move that leaves its host. Where hosts are held in reserve for failures, the steps of that
/// cluster go one after another: the reserve was judged for each with those before it done. What is not said may run at the same time.
/// </summary>
internal sealed class StepOrder(Placement start, PlacementLimits limits)
{
    private readonly Dictionary<string, List<int>> _leaving = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Memory, double Cpu)> _inflow = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _newcomers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _closed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastOfVm = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lastOfReserve = new(StringComparer.Ordinal);

    public ImmutableArray<int> After(int id, PlannedAction action)
    {
        switch (action)
        {
            case PlannedAction.Migrate move:
                var after = FitsWithAllInPlace(move) ? [] : Leaving(move.To);
                if (_closed.TryGetValue(move.From, out var closed)) after = after.Add(closed);
                // It was parked: from there it goes on once it is there.
                if (_lastOfVm.TryGetValue(move.Vm, out var parked) && !after.Contains(parked)) after = after.Add(parked);
                _lastOfVm[move.Vm] = id;
                if (_leaving.TryGetValue(move.From, out var leaving)) leaving.Add(id);
                else _leaving[move.From] = [id];
                return InReserve(id, move.To, after);
            case PlannedAction.PowerOff off:
                return InReserve(id, off.Host, Leaving(off.Host));
            case PlannedAction.Suspend suspend:
                return InReserve(id, suspend.Host, Leaving(suspend.Host));
            case PlannedAction.Order order:
                _closed[order.Given.Host] = id;
                return [];
            default:
                return [];
        }
    }

    private ImmutableArray<int> InReserve(int id, string host, ImmutableArray<int> after)
    {
        var cluster = start.Site.Host(host).Cluster;
        if (start.Constraints.ReserveOf(cluster) is null) return after;
        var all = _lastOfReserve.TryGetValue(cluster, out var last) && !after.Contains(last) ? after.Add(last) : after;
        _lastOfReserve[cluster] = id;
        return all;
    }

    private ImmutableArray<int> Leaving(string host) => [.. _leaving.GetValueOrDefault(host, [])];

    /// <summary>True if the target takes the VM while all earlier newcomers are there and nobody has left yet. Counts it as a newcomer.</summary>
    private bool FitsWithAllInPlace(PlannedAction.Migrate move)
    {
        var (target, vm, before) = (start.Site.Host(move.To), start.Site.Vm(move.Vm), _inflow.GetValueOrDefault(move.To));
        var inflow = _inflow[move.To] = (before.Memory + vm.MemoryBytes, before.Cpu + start.Demand(vm));
        if (!_newcomers.TryGetValue(move.To, out var newcomers)) _newcomers.Add(move.To, newcomers = []);
        var (v, h, constraints) = (start.IndexOf(vm), start.IndexOf(target), start.Constraints);
        var fits = start.Memory(target) + inflow.Memory <= Math.Min(limits.MemoryPercent, constraints.MemoryCap(h)) / 100 * target.MemoryBytes
            && start.Cpu(target) + inflow.Cpu <= Math.Min(limits.CpuPercent, constraints.CpuCap(h)) / 100 * target.CpuCapacity
            && constraints.VcpusOn(start, h) + newcomers.Sum(n => start.Site.Vms[n].Vcpus) + vm.Vcpus <= constraints.VcpuCap(h)
            && constraints.MateOn(start, v, h) < 0
            && !newcomers.Exists(n => constraints.AreApart(v, n));
        newcomers.Add(v);
        return fits;
    }
}
