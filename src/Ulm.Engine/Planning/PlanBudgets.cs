using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Planning;

/// <summary>
/// Cuts what planners propose to what budgets allow: those of the site (<c>limit migrations to N per D</c>) and those of the rule
/// (<c>at most N moves per D</c>). What was begun before counts, what waits, and what this plan holds already.
/// </summary>
internal sealed class PlanBudgets(SiteFacts facts)
{
    private readonly List<BegunAction> _planned = [];

    /// <param name="before">What the proposal was planned on.</param>
    /// <param name="decision">Budgets without a time count within one firing.</param>
    public Proposal Keep(Placement before, Proposal proposal, PlanningContext context, string decision, bool wholeHosts)
    {
        var kept = new List<PlannedAction>();
        var refused = new Dictionary<string, Refusal>(StringComparer.Ordinal);
        var after = before;
        foreach (var group in Groups(before, proposal.Actions, wholeHosts))
        {
            var begun = group.Select(a => a.Begins(context.Rule.Name, facts.At)).OfType<BegunAction>().ToList();
            if (Spent(before, begun, context, decision) is { } spent)
            {
                var subject = begun is [{ Kind: BegunKind.Close } closed, ..] ? $"host/{closed.From}"
                    : wholeHosts && begun is [{ Kind: BegunKind.Move } first, ..] ? $"host/{(group[0] as PlannedAction.Migrate)?.MakesRoomFor ?? first.From}" : "site";
                refused.TryAdd(subject, context.Refuse(spent.Code, subject, spent.Reason));
                continue;
            }

            // Where something before it was cut, what that would have made room for may have none.
            if ((refused.Count == 0 ? Moved(after, group) : Carry(after, group, context)) is not { } carried) continue;
            after = carried;
            kept.AddRange(group);
            _planned.AddRange(begun.Select(b => b with { Subject = $"{decision}/{b.Subject}" }));
        }

        return refused.Count == 0 ? proposal : new Proposal(after, [.. kept], [.. proposal.Refused, .. refused.Values]);
    }

    /// <summary>
    /// What stands or falls as one: the moves off a host that is to be emptied, with the order by which it is (what is left of one that is ordered goes without
    /// being asked again), VMs that go together, else each alone.
    /// </summary>
    private static IEnumerable<List<PlannedAction>> Groups(Placement before, ImmutableArray<PlannedAction> actions, bool wholeHosts)
    {
        var groups = new List<List<PlannedAction>>();
        var byKey = new Dictionary<string, List<PlannedAction>>(StringComparer.Ordinal);
        var closed = actions.OfType<PlannedAction.Order>().Select(o => o.Given.Host).ToHashSet(StringComparer.Ordinal);
        foreach (var action in actions)
        {
            var key = action is PlannedAction.Order order ? order.Given.Host
                : action is not PlannedAction.Migrate move ? null
                : wholeHosts || closed.Contains(move.From) ? move.MakesRoomFor ?? move.From
                : before.Site.FindVm(move.Vm) is { } vm && before.Constraints.UnitOf(before.IndexOf(vm)) is { Length: > 1 } unit ? $"unit {unit[0]}" : null;
            if (key is not null && byKey.TryGetValue(key, out var group)) group.Add(action);
            else
            {
                groups.Add([action]);
                if (key is not null) byKey.Add(key, groups[^1]);
            }
        }

        return groups;
    }

    private Obstacle? Spent(Placement before, List<BegunAction> more, PlanningContext context, string decision)
    {
        var moves = more.Count(b => b.Kind == BegunKind.Move);
        var counted = facts.Waiting.Concat(_planned).ToList();
        if (moves > 0 && before.Constraints.MovesLeft(counted.Count(b => b.Kind == BegunKind.Move)) is { Sentence: { } sentence } left && left.Left < moves)
            return new(RefusalCode.MigrationBudgetSpent, $"\"{sentence.Text}\": {facts.History.MovesSince(facts.At - sentence.Per)} were begun within the last {Show.Duration(sentence.Per)}, and {left.Left} more may be now");
        var ofFiring = _planned.Where(p => p.Subject.StartsWith(decision + "/", StringComparison.Ordinal)).ToList();
        var ofRule = counted.Where(b => b.Rule == context.Rule.Name).ToList();
        return context.Rule.Budgets.Select(b => Spent(b, context.Rule.Name, more, b.Per is null ? ofFiring : ofRule, facts)).FirstOrDefault(o => o is not null);
    }

    /// <summary>Which budget of its rule a plan that was kept to them once would exceed now; null: none. Those without a time bound one firing, which has not changed.</summary>
    /// <param name="more">What it would begin.</param>
    public static Obstacle? SpentSince(Rule rule, IReadOnlyList<BegunAction> more, SiteFacts facts)
    {
        var waiting = facts.Waiting.Where(w => w.Rule == rule.Name).ToList();
        return rule.Budgets.Where(b => b.Per is not null).Select(b => Spent(b, rule.Name, more, waiting, facts)).FirstOrDefault(o => o is not null);
    }

    /// <param name="mine">What counts beside what was begun.</param>
    private static Obstacle? Spent(RuleBudget budget, string rule, IReadOnlyList<BegunAction> more, IReadOnlyList<BegunAction> mine, SiteFacts facts)
    {
        var since = budget.Per is { } per ? facts.At - per : DateTimeOffset.MaxValue;
        if (budget.Of == BudgetOf.Moves)
        {
            var moves = more.Count(b => b.Kind == BegunKind.Move);
            var done = mine.Count(b => b.Kind == BegunKind.Move) + (budget.Per is null ? 0 : facts.History.MovesOf(rule, since));
            return moves > 0 && done + moves > budget.Count ? Over(budget, $"{done} move(s)", $"{moves} more would be") : null;
        }

        var hosts = mine.Select(b => b.From).Concat(budget.Per is null ? [] : facts.History.HostsOf(rule, since)).ToHashSet(StringComparer.Ordinal);
        var added = more.Select(b => b.From).Except(hosts).Count();
        return added > 0 && hosts.Count + added > budget.Count ? Over(budget, $"{hosts.Count} host(s)", $"{added} more would be") : null;
    }

    private static Obstacle Over(RuleBudget budget, string done, string more) =>
        new(RefusalCode.RuleBudgetSpent, $"\"{budget.Text}\": {done} in this {(budget.Per is { } per ? $"time ({Show.Duration(per)})" : "firing")}, and {more} too many");

    private static Placement Moved(Placement placement, List<PlannedAction> group) =>
        group.OfType<PlannedAction.Migrate>().Aggregate(placement, (p, m) => p.Move(p.Site.Vm(m.Vm), p.Site.Host(m.To)));

    /// <summary>The placement after these, or null: one of them has no room, or its host is not empty.</summary>
    private static Placement? Carry(Placement placement, List<PlannedAction> group, PlanningContext context)
    {
        foreach (var action in group)
        {
            if (action is PlannedAction.PowerOff off && !placement.IsEmpty(placement.Site.Host(off.Host))) return null;
            if (action is not PlannedAction.Migrate move) continue;
            var (vm, to) = (placement.Site.Vm(move.Vm), placement.Site.Host(move.To));
            if (PlacementFilters.Objection(placement, placement.IndexOf(vm), placement.IndexOf(to), context.Limits, asGroup: true) is not null) return null;
            placement = placement.Move(vm, to);
        }

        return placement;
    }
}
