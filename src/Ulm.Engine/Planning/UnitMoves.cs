using System.Collections.Immutable;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>Moves of a VM with all that is kept together with it; of most VMs, of it alone.</summary>
/// <param name="Moves">Empty where <paramref name="Why"/> says why not.</param>
public sealed record UnitMoves(Placement After, ImmutableArray<PlannedAction.Migrate> Moves, Obstacle? Why)
{
    /// <summary>It is the VM itself that may not move, wherever to.</summary>
    public bool StaysAnyway { get; private init; }

    /// <param name="ignoreCooldown">For drains, and for mending what breaks a constraint.</param>
    public static UnitMoves Try(Placement placement, Vm vm, Host target, PlacementLimits limits, bool ignoreCooldown = false)
    {
        var (after, to, moves) = (placement, placement.IndexOf(target), ImmutableArray.CreateBuilder<PlannedAction.Migrate>());
        var unit = placement.Constraints.UnitOf(placement.IndexOf(vm));
        foreach (var v in unit)
        {
            var member = placement.Site.Vms[v];
            if (placement.HostAt(v) == to && unit.Length > 1) continue;
            if (PlacementFilters.ForVm(after, member, ignoreCooldown) is { } stays) return new UnitMoves(placement, [], unit.Length == 1 ? stays : stays with { Reason = $"vm {member.Name}, which goes with it: {stays.Reason}" }) { StaysAnyway = true };
            if (PlacementFilters.Objection(after, v, to, limits, asGroup: true) is not null)
                return new UnitMoves(placement, [], PlacementFilters.ForTarget(after, member, target, limits, asGroup: true));
            moves.Add(new PlannedAction.Migrate(member.Name, after.HostOf(member).Name, target.Name));
            after = after.Move(member, target);
        }

        return new UnitMoves(after, moves.ToImmutable(), null);
    }
}
