using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Loop;

/// <summary>
/// Knows when all steps of a decision have ended. A rule that makes one move a firing is armed again then: if its condition still
/// holds for the whole time, on samples taken after the move, it makes the next. A refused one is armed again too, and so tried anew.
/// </summary>
internal sealed class DecisionTracker(Action<string, SubjectRef, DateTimeOffset> rearm, TimeSpan pollingInterval)
{
    /// <summary>A refused rule without a `for` would ask again at every poll, for as long as nobody can help it.</summary>
    private const int PollsBeforeAskingAgain = 5;

    private readonly Dictionary<string, (Decision Decision, int StepsLeft)> _open = new(StringComparer.Ordinal);

    public void Began(LookResult look, DateTimeOffset at)
    {
        foreach (var decision in look.Decisions)
        {
            // What is only told is told once: nothing was done that could call for more.
            if (decision.Mode == RuleMode.Observe) continue;
            // What waits for approval is neither done nor refused yet.
            if (decision.Mode == RuleMode.Recommend && look.Recommended.Steps.Any(s => s.Decision == decision.Id)) continue;
            var steps = look.Plan.Steps.Count(s => s.Decision == decision.Id);
            if (steps == 0) Over(decision, at + PauseOf(decision.Rule));
            else _open.Add(decision.Id, (decision, steps));
        }
    }

    public void Approved(PendingPlan plan)
    {
        foreach (var decision in plan.Decisions) _open.Add(decision.Id, (decision, plan.Plan.Steps.Count(s => s.Decision == decision.Id)));
    }

    /// <summary>Nobody approved them in time, or the site is another one by now: the rules may fire again and recommend anew.</summary>
    public void NotDone(IEnumerable<Decision> decisions, DateTimeOffset at)
    {
        foreach (var decision in decisions) if (decision.Subject is { } subject) rearm(decision.Rule.Name, subject, at);
    }

    public void Ended(ActionEvent end)
    {
        if (!_open.TryGetValue(end.Step.Decision, out var open)) return;
        if (open.StepsLeft > 1)
        {
            _open[end.Step.Decision] = open with { StepsLeft = open.StepsLeft - 1 };
            return;
        }

        _open.Remove(end.Step.Decision);
        Over(open.Decision, end.At);
    }

    /// <summary>
    /// Holds came back after a restart. What had fired then has no end that anybody will tell, as the run that knew it is over:
    /// those rules are armed again, or they would be silent for as long as their condition stays true.
    /// </summary>
    public void Restored(IEnumerable<SavedHold> holds, PolicySet policies, DateTimeOffset at)
    {
        var armedAgain = policies.Rules.Where(r => IsArmedAgain(r) || r.Mode == RuleMode.Recommend).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var hold in holds.Where(h => h.State == HoldState.Firing && armedAgain.Contains(h.Rule)))
        {
            if (hold.Subject is { } subject) rearm(hold.Rule, subject, at);
        }
    }

    private void Over(Decision decision, DateTimeOffset at)
    {
        if (decision.Subject is { } subject && IsArmedAgain(decision.Rule)) rearm(decision.Rule.Name, subject, at);
    }

    private TimeSpan PauseOf(Rule rule)
    {
        var pause = pollingInterval * PollsBeforeAskingAgain - (rule.Trigger is Trigger.When when ? when.For : TimeSpan.Zero);
        return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
    }

    private static bool IsArmedAgain(Rule rule) => rule.Actions.Any(a => a is PolicyAction.Evacuate);
}
