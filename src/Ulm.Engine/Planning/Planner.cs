using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning.Constraints;
using Ulm.Engine.Planning.Upkeep;

namespace Ulm.Engine.Planning;

/// <summary>Turns the decisions of one look into one plan. Each decision is planned on the placement that those before it leave. Pure.</summary>
public sealed class Planner(PolicySet policies, PlacementLimits limits)
{
    private readonly PlacementLimits _consolidationLimits = limits.ForConsolidation(policies.Rules);

    public ConstraintSet Constraints { get; } = new(policies.Constraints, limits);

    /// <param name="upkeep">Also mend what breaks a constraint, before anything else.</param>
    public Plan Plan(SiteFacts facts, ImmutableArray<Decision> decisions, bool upkeep = false)
    {
        // Nearly every look: nothing was decided and nothing has to be kept, so nobody needs to know how full the hosts are.
        var keep = upkeep && (!Constraints.IsEmpty || !policies.Rules.IsEmpty);
        if (decisions.IsEmpty && !keep) return new Plan(facts.At, FactsHash.Of(facts), [], []);

        var plan = new PlanBuilder(facts, new Placement(facts, Constraints), limits);
        var kept = keep ? UpkeepPlanner.Plan(plan, limits) : ([], []);
        foreach (var decision in decisions)
        {
            var outside = RuleBounds.Outside(decision, facts);
            if (decision.Rule.Trigger is Trigger.HaveOn have)
            {
                var context = new PlanningContext(decision.Rule, limits, plan.Switched.Union(outside)) { Switched = plan.Switched };
                plan.Refuse(plan.Add(decision, context, (p, c) => HaveOnPlanner.Plan(p, have, c)).Refused);
            }

            foreach (var action in decision.Rule.Actions)
                plan.Refuse(plan.Add(decision, ContextOf(decision, action, plan.Switched, outside), (p, c) => Propose(p, decision, action, c), action is PolicyAction.Consolidate).Refused);
        }

        return plan.Build() with { Upkeep = kept.Decisions, Unmended = kept.Unmended };
    }

    private PlanningContext ContextOf(Decision decision, PolicyAction action, ImmutableHashSet<string> claimed, ImmutableHashSet<string> outside) =>
        new(decision.Rule, action is PolicyAction.Consolidate ? _consolidationLimits : limits.ForRule(decision.Rule), claimed.Union(outside)) { Switched = claimed };

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
            case PolicyAction.MigrateVm migrate:
                return MigratePlanner.Plan(placement, migrate, context);
            case PolicyAction.PowerOffIdle off:
                return HostPowerPlanner.PowerOffIdle(placement, off, context);
            case PolicyAction.PowerOn on:
                return HostPowerPlanner.PowerOn(placement, on, context);
            default:
                throw new InvalidOperationException($"action {action.GetType().Name} has no meaning in the engine");
        }
    }
}
