using System.Collections.Immutable;

namespace Ulm.Engine.Planning;

/// <summary>
/// Says which steps must wait for which. A move waits for the moves that leave its target before it, unless it fits there with all of
/// them still in place; a power-off waits for every move that leaves its host. What is not said may run at the same time.
/// </summary>
internal sealed class StepOrder(Placement start, PlacementLimits limits)
{
    private readonly Dictionary<string, List<int>> _leaving = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Memory, double Cpu)> _inflow = new(StringComparer.Ordinal);

    public ImmutableArray<int> After(int id, PlannedAction action)
    {
        switch (action)
        {
            case PlannedAction.Migrate move:
                var after = FitsWithAllInPlace(move) ? [] : Leaving(move.To);
                if (_leaving.TryGetValue(move.From, out var leaving)) leaving.Add(id);
                else _leaving[move.From] = [id];
                return after;
            case PlannedAction.PowerOff off:
                return Leaving(off.Host);
            default:
                return [];
        }
    }

    private ImmutableArray<int> Leaving(string host) => [.. _leaving.GetValueOrDefault(host, [])];

    /// <summary>True if the target takes the VM while all earlier newcomers are there and nobody has left yet. Counts it as a newcomer.</summary>
    private bool FitsWithAllInPlace(PlannedAction.Migrate move)
    {
        var (target, vm, before) = (start.Site.Host(move.To), start.Site.Vm(move.Vm), _inflow.GetValueOrDefault(move.To));
        var inflow = _inflow[move.To] = (before.Memory + vm.MemoryBytes, before.Cpu + start.Demand(vm));
        return start.Memory(target) + inflow.Memory <= limits.MemoryPercent / 100 * target.MemoryBytes
            && start.Cpu(target) + inflow.Cpu <= limits.CpuPercent / 100 * target.CpuCapacity;
    }
}
