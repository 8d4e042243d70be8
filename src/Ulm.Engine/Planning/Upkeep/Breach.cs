using Ulm.Dsl.Policies;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning.Upkeep;

/// <summary>A constraint that does not hold as things stand.</summary>
/// <param name="Rule">The system rule that mends it.</param>
/// <param name="Reason">With the numbers.</param>
/// <param name="Mend">Plans the way out on the placement as it is by then; proposes nothing where there is none.</param>
internal sealed record Breach(Rule Rule, SubjectRef Subject, string Reason, Func<Placement, PlanningContext, Proposal> Mend)
{
    public Urgency Urgency { get; init; } = Urgency.Repair;
}
