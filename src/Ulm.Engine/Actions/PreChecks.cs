using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Actions;

/// <summary>Asked right before a step is carried out, on the facts as they are then: may it still be done?</summary>
internal static class PreChecks
{
    /// <summary>While it waited somebody may have ended the order that it was to be done for.</summary>
    public static Obstacle? AgainstRelease(PlannedAction.Migrate move, HostOrders orders)
    {
        var holds = move.ByOrderOf is not { } host || (orders.Current.GetValueOrDefault(host) is { } order && (order.IsClosed || move.To == host));
        return holds ? null : Released(move.ByOrderOf!, orders);
    }

    public static Obstacle Released(string host, HostOrders orders) => Moved($"{orders.Ended.GetValueOrDefault(host, $"the order that {host} was under has ended")} before it began");

    /// <summary>Null: go ahead.</summary>
    /// <param name="begun">Migrations that take room on their targets now.</param>
    public static Obstacle? ForMigration(PlannedAction.Migrate move, SiteFacts facts, ImmutableArray<InFlightMove> begun, ConstraintSet constraints, PlacementLimits limits)
    {
        if (facts.Site.FindVm(move.Vm) is not { } vm) return Moved($"vm {move.Vm} is not there any more");
        if (vm.Host != move.From) return Moved($"vm {move.Vm} is on {vm.Host} now, not on {move.From}");
        // Two plans that were approved one after the other may hold the same VM.
        if (begun.Where(m => m.Vm == move.Vm).Select(m => m.To).FirstOrDefault() is { } elsewhere) return new(RefusalCode.BeingActedOn, $"vm {move.Vm} is on its way to {elsewhere}");
        if (facts.Site.FindHost(move.To) is not { } target) return Moved($"host {move.To} is not there any more");
        var placement = new Placement(facts.AtTheTurnOf(move.Vm, begun), constraints);
        if (placement.Constraints.MovesLeft(0) is { Left: 0, Sentence: { } budget })
            return new(RefusalCode.MigrationBudgetSpent, $"\"{budget.Text}\": {budget.Count} were begun within the last {Show.Duration(budget.Per)}");
        // Why it was planned in spite of a cooldown is the planner's business; it has been decided there.
        if (PlacementFilters.ForVm(placement, vm, ignoreCooldown: true) is { } stays) return stays;
        return PlacementFilters.ForTarget(placement, vm, target, limits) is { } obstacle ? obstacle with { Reason = obstacle.At(target) } : null;
    }

    /// <param name="off">What is to be done to the host.</param>
    public static Obstacle? ForPowerOff(PlannedAction off, Host host, SiteFacts facts, ConstraintSet constraints)
    {
        var order = facts.Orders.GetValueOrDefault(host.Name);
        if (AgainstOrders(off, order) is { } ordered) return ordered;
        if (off is PlannedAction.PowerOff { ByOrder: true } && order?.OverAt(facts.At) is { } over) return Moved(over);
        if (facts.HoldOn(host) is { } hold) return new(RefusalCode.HeldBack, hold.ToString());
        if (facts.Site.VmsOn(host.Name) is { Length: > 0 } vms)
            return new(RefusalCode.HostNotEmpty, $"{vms.Length} VM(s) run there: {string.Join(", ", vms.Take(5).Select(v => v.Name))}");
        if (facts.Moves.FirstOrDefault(m => m.To == host.Name) is { } inbound) return new(RefusalCode.HostNotEmpty, $"vm {inbound.Vm} is on its way there");
        var staying = facts.Site.Hosts.Count(h => h.Cluster == host.Cluster && h.State == HostState.On && h.Name != host.Name);
        // In a large site a placement costs more than all else that is asked here.
        if (!constraints.KeepsOnByMoreThanCount) return constraints.ForbidsFewer(host, staying + 1);
        var placement = new Placement(facts, constraints);
        var going = facts.Site.Hosts.Where(h => h.State == HostState.PoweringOff).Select(h => h.Name).ToHashSet(StringComparer.Ordinal);
        return placement.Constraints.ForbidsPoweringOff(placement, placement.IndexOf(host), staying + 1, going);
    }

    /// <summary>While a host is waited for somebody may end the order by which it was to go, or close it because he is going to work on it.</summary>
    public static Obstacle? AgainstOrders(PlannedAction off, HostOrder? order) => off is PlannedAction.PowerOff { ByOrder: true }
        ? order is { Kind: HostOrderKind.ShutDown, Phase: HostOrderPhase.Closed } ? null : Moved("the order that it was to go off by has ended")
        : order is { IsClosed: true } ? new(RefusalCode.HeldBack, order.OrderedSince) : null;

    private static Obstacle Moved(string reason) => new(RefusalCode.FactsMoved, reason);
}
