using Ulm.Dsl.Policies;

namespace Ulm.Engine.Planning;

/// <summary><c>migrate vm NAME to host NAME</c>: that move, or a refusal that says why.</summary>
public static class MigratePlanner
{
    public static Proposal Plan(Placement placement, PolicyAction.MigrateVm action, PlanningContext context)
    {
        var subject = $"vm/{action.Vm}";
        if (placement.Site.FindVm(action.Vm) is not { } vm) return Refuse(RefusalCode.NoSuchSubject, $"vm {action.Vm} is not in the inventory");
        if (placement.Site.FindHost(action.Host) is not { } target) return Refuse(RefusalCode.NoSuchSubject, $"host {action.Host} is not in the inventory");
        if (context.LeavesAlone(target)) return Refuse(RefusalCode.BeingActedOn, $"{target.Name} is left alone: another decision switches or closes it, or the rule's guards exclude it");
        // Where it is already, nothing is wanted any more.
        if (placement.HostOf(vm).Name == target.Name) return Proposal.Nothing(placement);
        var unit = UnitMoves.Try(placement, vm, target, context.Limits);
        return unit.Why is { } why ? Refuse(why.Code, unit.StaysAnyway ? why.Reason : why.At(target)) : new Proposal(unit.After, [.. unit.Moves], []);

        Proposal Refuse(RefusalCode code, string reason) => Proposal.Nothing(placement, context.Refuse(code, subject, reason));
    }
}
