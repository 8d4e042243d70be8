using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>Plans what was ordered by hand, with the planners that rules have.</summary>
public static class ManualPlanner
{
    /// <param name="decision">One that was ordered.</param>
    public static Proposal Plan(Placement placement, Decision decision, PlanningContext context)
    {
        var proposal = Propose(placement, decision.Ordered!, context);
        return proposal with
        {
            Actions = [.. proposal.Actions.Select(a => a switch
            {
                PlannedAction.Order { Given.Resumed: false } order => new PlannedAction.Order(Signed(order.Given, decision)),
                PlannedAction.Release release => release with { By = decision.By },
                _ => a,
            })],
        };
    }

    private static Proposal Propose(Placement placement, ManualOrder order, PlanningContext context) => order switch
    {
        ManualOrder.Drain drain => Close(placement, drain.Host, HostOrderKind.Drained, drain.For, context),
        ManualOrder.Maintenance maintenance => Close(placement, maintenance.Host, HostOrderKind.Maintenance, maintenance.For, context),
        ManualOrder.Release release => ClosePlanner.Release(placement, release.Host, context),
        ManualOrder.Migrate move => MigratePlanner.Plan(placement, new PolicyAction.MigrateVm(move.Vm, move.Host), context),
        ManualOrder.PowerOff off => PowerOff(placement, off, context),
        ManualOrder.PowerOn on => PowerOn(placement, on, context),
        _ => throw new InvalidOperationException($"order {order.GetType().Name} has no meaning in the engine"),
    };

    private static HostOrder Signed(HostOrder given, Decision decision) => given with
    {
        By = decision.By,
        Because = decision.Because,
        EndsAt = decision.Ordered switch
        {
            ManualOrder.Drain { For: { } time } => decision.At + time,
            ManualOrder.Maintenance { For: { } time } => decision.At + time,
            _ => null,
        },
    };

    /// <summary>Whoever orders again what has an end wants it to last for longer: it never ends before anybody who ordered it expects it to.</summary>
    private static Proposal Close(Placement placement, string host, HostOrderKind kind, TimeSpan? time, PlanningContext context) =>
        Kept(placement, host, kind) is { EndsAt: { } ends } order && Lasts(placement, time, ends) ? new Proposal(placement, [new PlannedAction.Order(order)], []) : ClosePlanner.Close(placement, host, kind, context);

    private static HostOrder? Kept(Placement placement, string host, HostOrderKind kind) =>
        placement.Facts.Orders.GetValueOrDefault(host) is { IsClosed: true } order && order.Kind == kind && placement.Site.FindHost(host) is { } it && placement.Facts.HoldOn(it) is null ? order : null;

    private static bool Lasts(Placement placement, TimeSpan? time, DateTimeOffset until) => time is not { } wanted || placement.Facts.At + wanted > until;

    private static Proposal PowerOff(Placement placement, ManualOrder.PowerOff off, PlanningContext context)
    {
        if (Kept(placement, off.Host, HostOrderKind.ShutDown) is { OnAgainAt: { } again } order && Lasts(placement, off.For, again))
            return new Proposal(placement, [new PlannedAction.Order(order with { OnAgainAt = placement.Facts.At + off.For })], []);
        if (placement.Site.FindHost(off.Host) is not { } host || (host.State == HostState.Off && placement.Facts.Orders.ContainsKey(host.Name))) return Proposal.Nothing(placement);
        // One that is off already is to stay so: no rule wakes what is under an order.
        if (host.State == HostState.Off)
        {
            if (placement.Facts.HoldOn(host) is { } hold) return Proposal.Nothing(placement, context.Refuse(RefusalCode.HeldBack, host.Ref.ToString(), hold.ToString()));
            var kept = new HostOrder(host.Name, HostOrderKind.ShutDown, HostOrderPhase.Off, context.Rule.Name, placement.Facts.At) { OnAgainAt = placement.Facts.At + off.For };
            return new Proposal(placement, [new PlannedAction.Order(kept)], []);
        }

        var (running, closed) = (placement.VmsOn(host).ToList(), ClosePlanner.Close(placement, host.Name, HostOrderKind.ShutDown, context, off.For));
        // What forbids it at all is told first: that VMs run there can be mended.
        return off.MoveVms || running.Count == 0 || closed is { Actions.IsEmpty: true, Refused.IsEmpty: false }
            ? closed
            : Proposal.Nothing(placement, context.Refuse(
                RefusalCode.HostNotEmpty, host.Ref.ToString(), $"{running.Count} VM(s) run there: {string.Join(", ", running.Take(5).Select(v => v.Name))}{(running.Count > 5 ? ", .." : "")}; --drain moves them off first"));
    }

    private static Proposal PowerOn(Placement placement, ManualOrder.PowerOn on, PlanningContext context)
    {
        if (placement.Site.FindHost(on.Host) is not { } host || host.State is HostState.On or HostState.PoweringOn) return Proposal.Nothing(placement);
        if (host.State == HostState.Failed) return Refuse(RefusalCode.FactsMoved, $"it has failed to wake, and is left alone until `power clear {host.Name}`");
        if (host.State != HostState.Off) return Refuse(RefusalCode.FactsMoved, $"it is {SiteFacts.Describe(host.State)}, and only a host that is off is powered on{(placement.Facts.Orders.ContainsKey(host.Name) ? $"; `release {host.Name}` ends what closed it" : "")}");
        if (placement.Facts.HoldOn(host) is { } hold) return Refuse(RefusalCode.HeldBack, hold.ToString());
        if (!host.HasPowerControl) return Refuse(RefusalCode.NoPowerControl, "no BMC is configured for it");
        if (context.Claimed.Contains(host.Name)) return Refuse(RefusalCode.BeingActedOn, "an earlier decision switches it");
        PlannedAction? ends = placement.Facts.Orders.GetValueOrDefault(host.Name) switch
        {
            // Its VMs come back when it is on, as they would have at the end of its time.
            { Kind: HostOrderKind.ShutDown, Vms.IsEmpty: false } order => new PlannedAction.Order(order with { Phase = HostOrderPhase.Off, Since = placement.Facts.At, OnAgainAt = placement.Facts.At }),
            { Kind: HostOrderKind.ShutDown } order when order.ResumedAt(placement.Facts.At) is { } resumed => new PlannedAction.Order(resumed),
            { Kind: HostOrderKind.ShutDown } => new PlannedAction.Release(host.Name),
            _ => null,
        };
        return new Proposal(placement, [.. ImmutableArray.Create(ends).OfType<PlannedAction>(), new PlannedAction.PowerOn(host.Name)], []);

        Proposal Refuse(RefusalCode code, string reason) => Proposal.Nothing(placement, context.Refuse(code, host.Ref.ToString(), reason));
    }
}
