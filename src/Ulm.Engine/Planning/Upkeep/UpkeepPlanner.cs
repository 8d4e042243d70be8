using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Upkeep;

/// <summary>Mends what breaks a constraint and sees standing orders through, before any rule is planned. Every move it makes keeps all constraints itself, so that what it mends stays mended.</summary>
internal static class UpkeepPlanner
{
    /// <returns>The decisions of which steps came, and what could not be mended.</returns>
    public static (ImmutableArray<Decision> Decisions, ImmutableArray<Refusal> Unmended) Plan(PlanBuilder plan, PlacementLimits limits, UpkeepScope scope, int decidedAlready)
    {
        var decisions = ImmutableArray.CreateBuilder<Decision>();
        var unmended = ImmutableArray.CreateBuilder<Refusal>();
        var breaches = scope.HasFlag(UpkeepScope.Policies) ? new Breaches(plan.Placement, limits).Find() : [];
        foreach (var breach in breaches.Concat(new OrderKeeper(plan.Facts).Due(scope)).ToList())
        {
            // What was done about another breach may have taken it along.
            if (breach.Subject.Kind == SubjectKind.Vm && IsMoved(plan.Placement, breach.Subject)) continue;
            var decision = SystemRule.Decide(breach.Rule, breach.Subject, plan.Facts.At, breach.Reason, decidedAlready, breach.Urgency);
            var context = new PlanningContext(breach.Rule, limits, plan.Switched)
            {
                // VMs that return have one host to return to.
                Elsewhere = breach.Urgency == Urgency.Balance ? null : new OtherTargets(limits, Resource.Memory, HostPreference.Coolest, plan.Switched),
            };
            var (steps, refused) = plan.Add(decision, context, breach.Mend);
            if (steps > 0) decisions.Add(decision);
            unmended.AddRange(refused.Select(r => r with { Decision = steps > 0 ? decision.Id : null, Subject = breach.Subject.ToString(), Why = [$"{breach.Reason}, and it can't be mended now", .. r.Why] }));
        }

        return (decisions.ToImmutable(), unmended.ToImmutable());
    }

    private static bool IsMoved(Placement placement, SubjectRef vm) => placement.Site.Vm(vm.Name) is var it && placement.HostOf(it).Name != it.Host;
}
