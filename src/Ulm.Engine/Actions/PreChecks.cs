using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Actions;

/// <summary>Asked right before a step is carried out, on the facts as they are then: may it still be done?</summary>
internal static class PreChecks
{
    /// <summary>Null: go ahead.</summary>
    public static Obstacle? ForMigration(PlannedAction.Migrate move, SiteFacts facts, ConstraintSet constraints, PlacementLimits limits)
    {
        if (facts.Site.FindVm(move.Vm) is not { } vm) return Moved($"vm {move.Vm} is not there any more");
        if (vm.Host != move.From) return Moved($"vm {move.Vm} is on {vm.Host} now, not on {move.From}");
        if (facts.Site.FindHost(move.To) is not { } target) return Moved($"host {move.To} is not there any more");
        var others = facts.Without(new InFlightMove(move.Vm, move.From, move.To));
        var placement = new Placement(others);
        var obstacle = PlacementFilters.ForVm(placement, vm, constraints) ?? PlacementFilters.ForTarget(placement, vm, target, limits);
        return obstacle is null ? null : obstacle with { Reason = $"{move.To}: {obstacle.Reason}" };
    }

    public static Obstacle? ForPowerOff(Host host, SiteFacts facts, ConstraintSet constraints)
    {
        if (facts.Site.VmsOn(host.Name) is { Length: > 0 } vms)
            return new(RefusalCode.HostNotEmpty, $"{vms.Length} VM(s) run there: {string.Join(", ", vms.Take(5).Select(v => v.Name))}");
        if (facts.Moves.FirstOrDefault(m => m.To == host.Name) is { } inbound) return new(RefusalCode.HostNotEmpty, $"vm {inbound.Vm} is on its way there");
        var staying = facts.Site.Hosts.Count(h => h.Cluster == host.Cluster && h.State == HostState.On && h.Name != host.Name);
        return constraints.ForbidsPoweringOff(host, staying + 1);
    }

    private static Obstacle Moved(string reason) => new(RefusalCode.FactsMoved, reason);
}
