using System.Collections.Immutable;

namespace Ulm.Engine.Planning;

/// <summary>
/// Says which steps must wait for which. A move waits for the moves that leave its target before it, unless it fits there with all of
/// them still in place; a power-off waits for every move that leaves its host. What is not said may run at the same time.
/// </summary>
internal sealed class StepOrder(Placement start, PlacementLimits limits)
{
    private readonly List<(int Id, PlannedAction.Migrate Move)> _moves = [];

    public ImmutableArray<int> After(int id, PlannedAction action)
    {
        switch (action)
        {
            case PlannedAction.Migrate move:
                var after = FitsWithAllInPlace(move) ? [] : Leaving(move.To);
                _moves.Add((id, move));
                return after;
            case PlannedAction.PowerOff off:
                return Leaving(off.Host);
            default:
                return [];
        }
    }

    private ImmutableArray<int> Leaving(string host) => [.. _moves.Where(m => m.Move.From == host).Select(m => m.Id)];

    /// <summary>True if the target takes the VM while all earlier newcomers are there and nobody has left yet.</summary>
    private bool FitsWithAllInPlace(PlannedAction.Migrate move)
    {
        var target = start.Site.Host(move.To);
        var inflow = _moves.Where(m => m.Move.To == move.To).Select(m => start.Site.Vm(m.Move.Vm)).Append(start.Site.Vm(move.Vm)).ToList();
        return start.Memory(target) + inflow.Sum(v => v.MemoryBytes) <= limits.MemoryPercent / 100 * target.MemoryBytes
            && start.Cpu(target) + inflow.Sum(start.Demand) <= limits.CpuPercent / 100 * target.CpuCapacity;
    }
}
