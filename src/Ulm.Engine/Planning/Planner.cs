using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning.Constraints;

namespace Ulm.Engine.Planning;

/// <summary>Turns the decisions of one look into one plan. Each decision is planned on the placement that those before it leave. Pure.</summary>
public sealed class Planner(PolicySet policies, PlacementLimits limits)
{
    private readonly PlacementLimits _consolidationLimits = limits.ForConsolidation(policies.Rules);

    public ConstraintSet Constraints { get; } = new(policies.Constraints, limits);

    public Plan Plan(SiteFacts facts, ImmutableArray<Decision> decisions)
    {
        // Nearly every look: nothing was decided, so nobody needs to know how full the hosts are.
        if (decisions.IsEmpty) return new Plan(facts.At, FactsHash.Of(facts), [], []);

        var placement = new Placement(facts, Constraints);
        var order = new StepOrder(placement, limits);
        var steps = ImmutableArray.CreateBuilder<PlanStep>();
        var refused = ImmutableArray.CreateBuilder<Refusal>();
        var budgets = new PlanBudgets(facts);
        var claimed = ImmutableHashSet.Create<string>(StringComparer.Ordinal);
        foreach (var decision in decisions)
        {
            foreach (var action in decision.Rule.Actions)
            {
                var context = ContextOf(decision, action, claimed);
                var proposal = budgets.Keep(placement, Propose(placement, decision, action, context), context, decision.Id, action is PolicyAction.Consolidate);
                foreach (var planned in proposal.Actions)
                {
                    var id = steps.Count + 1;
                    steps.Add(new PlanStep(id, order.After(id, planned), planned, decision.Id, decision.Rule.Name, decision.Reason));
                    claimed = planned switch
                    {
                        PlannedAction.PowerOff off => claimed.Add(off.Host),
                        PlannedAction.PowerOn on => claimed.Add(on.Host),
                        _ => claimed,
                    };
                }

                refused.AddRange(proposal.Refused);
                placement = proposal.After;
            }
        }

        return new Plan(facts.At, FactsHash.Of(facts), steps.ToImmutable(), refused.ToImmutable());
    }

    private PlanningContext ContextOf(Decision decision, PolicyAction action, ImmutableHashSet<string> claimed) =>
        new(decision.Rule, action is PolicyAction.Consolidate ? _consolidationLimits : limits.ForRule(decision.Rule), claimed);

    private static Proposal Propose(Placement placement, Decision decision, PolicyAction action, PlanningContext context)
    {
        switch (action)
        {
            case PolicyAction.Evacuate evacuate:
                var host = decision.HostOf(placement.Site) is { } name ? placement.Site.FindHost(name) : null;
                return host is null
                    ? Proposal.Nothing(placement, context.Refuse(RefusalCode.DataUnknown, decision.Subject?.ToString() ?? "site", "evacuate needs a host to empty; a scheduled rule names none"))
                    : EvacuatePlanner.Plan(placement, host, evacuate, context);
            case PolicyAction.Consolidate:
                return ConsolidatePlanner.Plan(placement, context);
            case PolicyAction.Balance balance:
                return BalancePlanner.Plan(placement, balance, context);
            case PolicyAction.PowerOffIdle off:
                return HostPowerPlanner.PowerOffIdle(placement, off, context);
            case PolicyAction.PowerOn on:
                return HostPowerPlanner.PowerOn(placement, on, context);
            default:
                throw new InvalidOperationException($"action {action.GetType().Name} has no meaning in the engine");
        }
    }
}
