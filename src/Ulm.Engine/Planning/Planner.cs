using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning.Constraints;
using Ulm.Engine.Planning.Marks;
using Ulm.Engine.Planning.Upkeep;

namespace Ulm.Engine.Planning;

/// <summary>Turns the decisions of one look into one plan. Each decision is planned on the placement that those before it leave. Pure.</summary>
public sealed class Planner(PolicySet policies, PlacementLimits limits)
{
    /// <summary>What is to be done one after another is given up after this: whatever it was to cure is past.</summary>
    internal static readonly TimeSpan GoesOnFor = TimeSpan.FromHours(2);

    private readonly PlacementLimits _consolidationLimits = limits.ForConsolidation(policies.Rules);

    private readonly PlacementLimits _balanceLimits = limits.ForBalance(policies.Rules);

    /// <summary>Of rules that take VMs off hosts; one that only looks on does not.</summary>
    private readonly ImmutableArray<RuleMarks> _marks = [.. policies.Rules.Where(r => r.Mode != RuleMode.Observe && PlacementLimits.TakesVmsOff(r)).Select(r => new RuleMarks(r) { AsThingsAre = true })];

    public PlannerOptions Options { get; init; } = new();

    public ConstraintSet Constraints { get; } = new(policies.Constraints, limits);

    /// <param name="upkeep">Also mend what breaks a constraint and see orders through, before anything else: of these.</param>
    /// <param name="goingOn">What the last plan left open: see <see cref="Planning.Plan.GoingOn"/>.</param>
    /// <param name="decidedAlready">Decisions that an earlier look at this same instant has made.</param>
    public Plan Plan(SiteFacts facts, ImmutableArray<Decision> decisions, UpkeepScope upkeep = UpkeepScope.None, ImmutableArray<Decision> goingOn = default, int decidedAlready = 0)
    {
        var site = facts.Site;
        ImmutableHashSet<string> closing =
            [.. decisions.SelectMany(d => d.Rule.Actions.Select(a => RuleOrders.ClosedBy(a, d, site))).OfType<string>().Where(h => site.FindHost(h) is { State: HostState.On })];
        var plan = Plan(facts, decisions, upkeep, goingOn, decidedAlready, closing);
        // Where a budget or a lack of room leaves one of them open, it takes VMs as ever.
        var closed = closing.Intersect(plan.Steps.Select(s => s.Action).OfType<PlannedAction.Order>().Select(o => o.Given.Host));
        return closed.Count == closing.Count ? plan : Plan(facts, decisions, upkeep, goingOn, decidedAlready, closed);
    }

    private Plan Plan(SiteFacts facts, ImmutableArray<Decision> decisions, UpkeepScope upkeep, ImmutableArray<Decision> goingOn, int decidedAlready, ImmutableHashSet<string> closing)
    {
        // Nearly every look: nothing was decided and nothing has to be kept, so nobody needs to know how full the hosts are.
        var keep = upkeep != UpkeepScope.None && (!Constraints.IsEmpty || !policies.Rules.IsEmpty || !facts.Orders.IsEmpty);
        if (decisions.IsEmpty && !keep) return new Plan(facts.At, "", [], []);

        var plan = new PlanBuilder(facts, new Placement(facts, Constraints), limits, Options, closing);
        var (kept, unmended) = keep ? UpkeepPlanner.Plan(plan, limits, upkeep, decidedAlready) : ([], []);
        var open = ImmutableArray.CreateBuilder<Decision>();
        var economics = new Lazy<SwitchingEconomics>(() => SwitchingEconomics.Of(policies.Rules, facts));
        var firedFor = SheddingHosts.FiredFor(decisions, facts.Site);
        foreach (var decision in decisions)
        {
            if (decision.Ordered is not null)
            {
                var elsewhere = decision.Ordered is ManualOrder.Migrate ? null : new OtherTargets(limits, Resource.Memory, HostPreference.Coolest, plan.Switched);
                plan.Refuse(plan.Add(decision, new PlanningContext(decision.Rule, limits, plan.Switched) { Elsewhere = elsewhere }, (p, c) => ManualPlanner.Plan(p, decision, c)).Refused);
                continue;
            }

            var outside = RuleBounds.Outside(decision, facts);
            if (decision.Rule.Trigger is Trigger.HaveOn have)
            {
                var context = new PlanningContext(decision.Rule, limits, plan.Switched.Union(outside)) { Switched = plan.Switched };
                plan.Refuse(plan.Add(decision, context, (p, c) => HaveOnPlanner.Plan(p, have, c)).Refused);
            }

            foreach (var action in decision.Rule.Actions.Where(a => !(decision.HasTold && a.OnlyTells)))
            {
                var context = action is PolicyAction.Evacuate evacuate
                    ? EvacuationOf(decision, evacuate, plan.Switched, outside, SheddingHosts.Of(decision.Rule, firedFor[decision.Rule.Name], plan.MovesOf(decision.Rule)))
                    : ContextOf(decision, action, plan.Switched, outside) with { Economics = SavesPower(action) ? economics.Value : null };
                if (action is PolicyAction.PowerOnUntil until && HostPowerPlanner.PowerOnUntil(plan.Placement, until, context).GoesOn) open.Add(decision);
                plan.Refuse(plan.Add(decision, context, (p, c) => Propose(p, decision, action, c), action is PolicyAction.Consolidate).Refused);
            }
        }

        if (!goingOn.IsDefault) foreach (var decision in goingOn.Where(d => facts.At - d.At < GoesOnFor)) kept = kept.AddRange(GoOn(plan, decision, open, decidedAlready));
        return plan.Build() with { Upkeep = kept, Unmended = unmended, GoingOn = open.ToImmutable() };
    }

    /// <returns>The decision again, under a name of its own, where steps came of it.</returns>
    private IEnumerable<Decision> GoOn(PlanBuilder plan, Decision decision, ImmutableArray<Decision>.Builder open, int decidedAlready)
    {
        var again = SystemRule.Again(decision, plan.Facts.At, decidedAlready);
        var outside = RuleBounds.Outside(decision, plan.Facts);
        foreach (var action in decision.Rule.Actions.OfType<PolicyAction.PowerOnUntil>())
        {
            var context = ContextOf(decision, action, plan.Switched, outside);
            if (HostPowerPlanner.PowerOnUntil(plan.Placement, action, context).GoesOn) open.Add(decision);
            var (steps, refused) = plan.Add(again, context, (p, c) => Propose(p, decision, action, c));
            plan.Refuse(refused);
            if (steps > 0) yield return again;
        }
    }

    /// <summary>Emptying a host saves nothing where no rule switches it off.</summary>
    private bool SavesPower(PolicyAction action) =>
        IsOff(action) || (action is PolicyAction.Consolidate && policies.Rules.Any(r => r.Actions.Any(IsOff)));

    private static bool IsOff(PolicyAction action) => action is PolicyAction.PowerOffIdle or PolicyAction.SuspendIdle;

    private PlanningContext ContextOf(Decision decision, PolicyAction action, ImmutableHashSet<string> switched, ImmutableHashSet<string> outside) =>
        new(decision.Rule, LimitsFor(decision.Rule, action), switched.Union(outside)) { Switched = switched, Solver = Options.Solver, Elsewhere = ElsewhereOf(decision.Rule, action, switched.Union(outside)) };

    private PlanningContext EvacuationOf(Decision decision, PolicyAction.Evacuate action, ImmutableHashSet<string> switched, ImmutableHashSet<string> outside, SheddingHosts shedding)
    {
        var context = ContextOf(decision, action, switched, outside);
        return context with
        {
            Shedding = shedding,
            Elsewhere = context.Elsewhere is { } elsewhere ? elsewhere with { NeverBack = true, Without = elsewhere.Without.Union(shedding.Sources) } : null,
        };
    }

    /// <summary>What is spread or sent to a host by name has no business anywhere else.</summary>
    private OtherTargets? ElsewhereOf(Rule rule, PolicyAction action, ImmutableHashSet<string> without) => action switch
    {
        PolicyAction.Evacuate { ToHostsWhere: null } evacuate => new(LimitsFor(rule, action), evacuate.By, evacuate.To, without),
        PolicyAction.Consolidate => new(LimitsFor(rule, action), Resource.Memory, HostPreference.Fullest, without),
        PolicyAction.Drain or PolicyAction.EnterMaintenance or PolicyAction.ShutDown => new(limits, Resource.Memory, HostPreference.Coolest, without),
        _ => null,
    };

    private PlacementLimits LimitsFor(Rule rule, PolicyAction action) => action switch
    {
        PolicyAction.Consolidate consolidate => _consolidationLimits with
        {
            CpuPercent = Math.Min(_consolidationLimits.CpuPercent, consolidate.BelowCpuPercent ?? 100),
            MemoryPercent = Math.Min(_consolidationLimits.MemoryPercent, consolidate.BelowMemoryPercent ?? 100),
        },
        PolicyAction.Balance => _balanceLimits.ForRule(rule),
        PolicyAction.Evacuate => limits.ForRule(rule).Beside(_marks.Where(m => m.Rule.Name != rule.Name)),
        // The rule's mark is about the host that is emptied, which has to be emptied wherever there is room.
        PolicyAction.Drain or PolicyAction.EnterMaintenance or PolicyAction.ShutDown => limits,
        _ => limits.ForRule(rule),
    };

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
            case PolicyAction.Drain:
                return RuleOrders.Close(placement, Closed(), HostOrderKind.Drained, context);
            case PolicyAction.EnterMaintenance:
                return RuleOrders.Close(placement, Closed(), HostOrderKind.Maintenance, context);
            case PolicyAction.ShutDown shutDown:
                return RuleOrders.Close(placement, Closed(), HostOrderKind.ShutDown, context, shutDown.For);
            case PolicyAction.LeaveMaintenance leave:
                return RuleOrders.Release(placement, leave.Host, context);
            case PolicyAction.Notify notify:
                return new Proposal(placement, [new PlannedAction.Notify(NoteText.Fill(notify.Text, decision, placement.Facts), notify.Via, decision.Subject)], []);
            case PolicyAction.RunHook hook:
                return new Proposal(placement, [new PlannedAction.RunHook(hook.Name, decision.Subject)], []);
            case PolicyAction.MigrateVm migrate:
                return MigratePlanner.Plan(placement, migrate, context);
            case PolicyAction.PowerOffIdle off:
                return HostPowerPlanner.PowerOffIdle(placement, off, context);
            case PolicyAction.SuspendIdle suspend:
                return HostPowerPlanner.SuspendIdle(placement, suspend, context);
            case PolicyAction.PowerOnUntil until:
                return HostPowerPlanner.PowerOnUntil(placement, until, context).Proposal;
            case PolicyAction.PowerOn on:
                return HostPowerPlanner.PowerOn(placement, on, context);
            default:
                throw new InvalidOperationException($"action {action.GetType().Name} has no meaning in the engine");
        }

        string? Closed() => RuleOrders.ClosedBy(action, decision, placement.Site);
    }
}
