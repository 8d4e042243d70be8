using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Planning.Durations;

namespace Ulm.Engine.Planning;

/// <summary>A plan as it grows: each proposal is made on the placement that those before it leave, cut to the budgets, and put in order.</summary>
/// <param name="closing">Hosts that take no VM of any of them: see <see cref="PlanningContext.Closing"/>.</param>
internal sealed class PlanBuilder(SiteFacts facts, Placement start, PlacementLimits limits, PlannerOptions options, ImmutableHashSet<string> closing)
{
    private readonly StepOrder _order = new(start, limits);
    private readonly PlanBudgets _budgets = new(facts);
    private readonly ImmutableArray<PlanStep>.Builder _steps = ImmutableArray.CreateBuilder<PlanStep>();
    private readonly ImmutableArray<Refusal>.Builder _refused = ImmutableArray.CreateBuilder<Refusal>();

    public SiteFacts Facts => facts;

    public Placement Placement { get; private set; } = start;

    /// <summary>Hosts that steps so far switch.</summary>
    public ImmutableHashSet<string> Switched { get; private set; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <param name="wholeHosts">The moves off one host stand or fall together.</param>
    /// <returns>What was refused, which is not in the plan yet, and how many steps came of it.</returns>
    public (int Steps, ImmutableArray<Refusal> Refused) Add(Decision decision, PlanningContext context, Func<Placement, PlanningContext, Proposal> propose, bool wholeHosts = false)
    {
        context = context with { Closing = closing };
        var proposal = _budgets.Keep(Placement, propose(Placement, context), context, decision.Id, wholeHosts);
        foreach (var planned in proposal.Actions)
        {
            var id = _steps.Count + 1;
            var (takes, endless) = StepTime.Of(planned, options.Manners.For(decision.Urgency), facts);
            _steps.Add(new PlanStep(id, _order.After(id, planned), planned, decision.Id, decision.Rule.Name, ReasonOf(decision, planned)) 
            {
                Takes = takes,
                EndlessBecause = endless,
                DecidedFor = decision.Subject,
                Urgency = decision.Urgency,
                // A second move would be one more than its rule may make.
                Elsewhere = planned is PlannedAction.Migrate && !context.Rule.Budgets.Any(b => b.Of == BudgetOf.Moves) ? context.Elsewhere : null,
            });
            if (planned.SwitchedHost is { } host) Switched = Switched.Add(host);
        }

        Placement = proposal.After;
        return (proposal.Actions.Length, [.. proposal.Refused.Select(r => r with { Decision = decision.Id })]);
    }

    /// <summary>What rules of this name move so far.</summary>
    public IEnumerable<PlannedAction.Migrate> MovesOf(Rule rule) => _steps.Where(s => s.Rule == rule.Name).Select(s => s.Action).OfType<PlannedAction.Migrate>();

    private static string ReasonOf(Decision decision, PlannedAction planned) => planned switch
    {
        PlannedAction.Migrate { MakesRoomFor: { } emptied } => $"{decision.Reason}; moves aside so that {emptied} can be emptied",
        PlannedAction.Migrate { Although: { } although } => $"{decision.Reason}; {although}",
        _ => decision.Reason,
    };

    public void Refuse(IEnumerable<Refusal> refused) => _refused.AddRange(refused);

    public Plan Build() => new(facts.At, FactsHash.Of(facts), _steps.ToImmutable(), _refused.ToImmutable())
    {
        Takes = new PlanClock(facts.Site, PlanClock.Most(Placement.Constraints.Set.MigrationLimits, options.MigrationsAtOnce), options.Manners).Of(_steps),
    };
}
