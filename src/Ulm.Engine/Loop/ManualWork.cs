using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Planning;
using Ulm.Engine.Planning.Upkeep;

namespace Ulm.Engine.Loop;

/// <summary>What became of an order that was given by hand, at once; how its steps go is <see cref="OrderedWork"/>.</summary>
/// <param name="Plan">No steps and nothing refused: what was ordered is so already.</param>
/// <param name="Facts">On which it was planned.</param>
public sealed record OrderAnswer(Decision Decision, Plan Plan, SiteFacts Facts);

/// <summary>
/// Orders given by hand. Each is a decision with an author, planned on the facts of the moment by the planner that rules have, written to the
/// journal and handed to the executor that rules have: budgets, constraints and the check before each step are the same. Used from the
/// engine's thread only.
/// </summary>
internal sealed class ManualWork(Func<SiteFacts> facts, Func<Look> look, Func<string?> whyNot, JournalWriter journal, Executor executor, DecisionTurn turn)
{
    /// <summary>Of so many orders it is remembered how they went.</summary>
    private const int MostRemembered = 200;

    private readonly List<OrderedWork> _work = [];
    private (DateTimeOffset At, int Count) _named;

    /// <summary>What was ordered lately, the oldest first.</summary>
    public IReadOnlyList<OrderedWork> Work => _work;

    /// <param name="dryRun">Only say what would be done and what refused; nothing is written or done.</param>
    /// <exception cref="StoreUnavailableException">The journal can't take it: nothing is done.</exception>
    public Task<OrderAnswer> OrderAsync(ManualOrder order, string by, string? because, bool dryRun, CancellationToken ct) => turn.TakeAsync(
        async () =>
        {
            var now = facts();
            var decision = Decide(order, by, because, now.At);
            var plan = whyNot() is { } not ? Refused(decision, not) : look().Plan(now, decision);
            if (!dryRun) await CarryOutAsync(decision, plan, ct);
            return new OrderAnswer(decision, plan, now);
        },
        ct);

    public void StepEnded(ActionEvent end) => _work.FindLast(w => w.Decision.Id == end.Step.Decision)?.Ended(end);

    private async Task CarryOutAsync(Decision decision, Plan plan, CancellationToken ct)
    {
        // What is so already, or could not be planned at all, is told too: somebody wanted it.
        await journal.WriteAsync([JournalWriter.Of(decision, TickEntries.Details(decision, plan, look().Policies)), .. plan.Refused.Select(r => JournalWriter.Of(r, decision.At))], ct);
        _work.Add(new OrderedWork(decision, plan.Steps));
        if (_work.Count > MostRemembered) _work.RemoveAt(0);
        if (!plan.Steps.IsEmpty) executor.Submit(plan, look().Constraints, ct);
    }

    private Decision Decide(ManualOrder order, string by, string? because, DateTimeOffset at)
    {
        // As a name tells it; and never an earlier one than the last, should the clock be set back.
        var named = new DateTimeOffset(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
        _named = named > _named.At ? (named, 1) : (_named.At, _named.Count + 1);
        return new Decision($"m{_named.At.UtcDateTime:yyyyMMdd-HHmmss.fff}-{_named.Count}", SystemRule.Named($"manual: {order}"), order.Subject, at, $"ordered by {by}{(because is null ? "" : $": {because}")}")
        {
            Mode = RuleMode.Enforce,
            Ordered = order,
            By = by,
            Because = because,
        };
    }

    private static Plan Refused(Decision decision, string because) =>
        new(decision.At, "", [], [new Refusal(RefusalCode.NotActing, decision.Rule.Name, decision.Subject.ToString()!, [because]) { Decision = decision.Id }]);
}
