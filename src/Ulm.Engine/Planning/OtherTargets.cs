using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Planning;

/// <summary>Where else a VM may go if its target turns out not to take it: by the filters and scores that chose the first.</summary>
/// <param name="Limits">How full a move may make a host.</param>
/// <param name="Without">Hosts that the decision leaves alone.</param>
public sealed record OtherTargets(PlacementLimits Limits, Resource By, HostPreference Preference, ImmutableHashSet<string> Without)
{
    /// <summary>True: not where the VM was a short while ago, see <see cref="MoveRest"/>.</summary>
    public bool NeverBack { get; init; }

    /// <param name="facts">As they are now. Whatever is on its way somewhere, or waits to be, takes room there.</param>
    /// <returns>The host, or why there is none.</returns>
    public (string? Host, string Why) Find(PlannedAction.Migrate failed, SiteFacts facts, ConstraintSet constraints)
    {
        var moves = facts.Moves.Where(m => m.Vm != failed.Vm).ToImmutableArray();
        var placement = new Placement(facts.AtTheTurnOf(failed.Vm, moves), constraints);
        if (placement.Site.FindVm(failed.Vm) is not { } vm || vm.Host != failed.From) return (null, $"vm {failed.Vm} is not on {failed.From} any more");
        if (placement.Constraints.UnitOf(placement.IndexOf(vm)).Length > 1) return (null, "it is kept together with others");
        if (PlacementFilters.ForVm(placement, vm, ignoreCooldown: true) is { } stays) return (null, stays.Reason);
        // A host that others leave is to be emptied, or has too much already.
        var left = moves.Select(m => m.From).ToHashSet(StringComparer.Ordinal);
        var other = TargetScores.Best(placement, vm, By, Preference, Limits, h => h.Name != failed.To && !Without.Contains(h.Name) && !left.Contains(h.Name) && !(NeverBack && MoveRest.HasLeft(facts, vm, h)), ignoreCooldown: true);
        return other is null ? (null, "no other host takes it now") : (other.Name, "");
    }
}
