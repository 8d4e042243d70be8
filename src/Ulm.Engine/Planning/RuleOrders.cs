using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>What rules order of hosts. What a person has closed no rule opens, powers off or gives an end: somebody may be working on it.</summary>
internal static class RuleOrders
{
    /// <summary>The host that an action of a decision closes to newcomers; null: none, or none that is named.</summary>
    public static string? ClosedBy(PolicyAction action, Decision decision, Site site) => action switch
    {
        PolicyAction.Drain drain => drain.Host ?? decision.HostOf(site),
        PolicyAction.EnterMaintenance enter => enter.Host,
        PolicyAction.ShutDown shutDown => shutDown.Host,
        _ => null,
    };

    /// <inheritdoc cref="ClosePlanner.Close"/>
    public static Proposal Close(Placement placement, string? host, HostOrderKind kind, PlanningContext context, TimeSpan? onAgainAfter = null) =>
        ByHand(placement, host) is { } order && order.Kind != kind ? Refuse(placement, order, context) : ClosePlanner.Close(placement, host, kind, context, onAgainAfter);

    /// <inheritdoc cref="ClosePlanner.Release"/>
    public static Proposal Release(Placement placement, string host, PlanningContext context) =>
        ByHand(placement, host) is { } order ? Refuse(placement, order, context) : ClosePlanner.Release(placement, host, context);

    private static HostOrder? ByHand(Placement placement, string? host) =>
        host is not null && placement.Facts.Orders.GetValueOrDefault(host) is { By: not null, IsClosed: true } order ? order : null;

    private static Proposal Refuse(Placement placement, HostOrder order, PlanningContext context) => Proposal.Nothing(placement, context.Refuse(
        RefusalCode.HeldBack, $"host/{order.Host}",
        $"{order.By} ordered at {Show.Time(order.Since)}: {order}{(order.Because is { } because ? $" ({because})" : "")}; only people change that: ulm-server {(order.Kind == HostOrderKind.ShutDown ? "power on" : "release")} {order.Host}"));
}
