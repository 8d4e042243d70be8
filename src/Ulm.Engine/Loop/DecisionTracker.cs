using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Decisions;
using Ulm.Engine.Inventory;
using Ulm.Engine.Planning;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Loop;

/// <summary>
/// Knows when all steps of a decision have ended, and what came of them. A rule that makes one move a firing is armed again then: if its
/// condition still holds for the whole time, on samples taken after the move, it makes the next. Any rule of whose firing nothing came, as all
/// was refused or failed, is armed again too, and so tried anew.
/// </summary>
internal sealed class DecisionTracker(Action<string, SubjectRef, DateTimeOffset, FiringEnd> rearm, TimeSpan pollingInterval)
{
    /// <summary>A refused rule without a `for` would ask again at every poll, for as long as nobody can help it.</summary>
    private const int PollsBeforeAskingAgain = 5;

    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromDays(1);

    private readonly Dictionary<string, Open> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Decision> _inDoubt = new(StringComparer.Ordinal);

    private sealed record Open(Decision Decision, int StepsLeft, bool IsDone = false);

    public void Began(LookResult look, DateTimeOffset at)
    {
        // What nobody could settle is given up after as long as a migration may take.
        foreach (var old in _inDoubt.Where(d => at - d.Value.At > GivenUpAfter).Select(d => d.Key).ToList()) _inDoubt.Remove(old);
        foreach (var decision in look.Decisions)
        {
            // What is only told is told once: nothing was done that could call for more.
            if (decision.Mode == RuleMode.Observe) continue;
            // What waits for approval is neither done nor refused yet.
            if (decision.Mode == RuleMode.Recommend && look.Recommended.Steps.Any(s => s.Decision == decision.Id)) continue;
            if (ActionsOf(look.Plan, decision) is var steps and > 0) _open.Add(decision.Id, new Open(decision, steps));
            else if (IsArmedAgain(decision.Rule) || look.Plan.Refused.Concat(look.Recommended.Refused).Any(r => r.Decision == decision.Id)) InVain(decision, at);
        }
    }

    public void Approved(PendingPlan plan)
    {
        foreach (var decision in plan.Decisions.Where(d => ActionsOf(plan.Plan, d) > 0)) _open.Add(decision.Id, new Open(decision, ActionsOf(plan.Plan, decision)));
    }

    /// <summary>Nobody approved them in time, or the site is another one by now: the rules may fire again and recommend anew.</summary>
    public void NotDone(IEnumerable<Decision> decisions, DateTimeOffset at)
    {
        foreach (var decision in decisions) if (decision.Subject is { } subject) rearm(decision.Rule.Name, subject, at, FiringEnd.Unheard);
    }

    public void Ended(ActionEvent end)
    {
        if (end.Step.Action.OnlyTells || !_open.TryGetValue(end.Step.Decision, out var open)) return;
        // As long as nobody can tell what came of it, it may have been done.
        if (end is { Phase: ActionPhase.InDoubt, Step.Action: PlannedAction.Migrate }) _inDoubt[open.Decision.Id] = open.Decision;
        open = open with { StepsLeft = open.StepsLeft - 1, IsDone = open.IsDone || (end.Phase is ActionPhase.Succeeded or ActionPhase.InDoubt && IsWhatItIsFor(open.Decision.Rule, end.Step.Action)) };
        _open[open.Decision.Id] = open;
        if (open.StepsLeft > 0) return;
        _open.Remove(open.Decision.Id);
        if (!open.IsDone) InVain(open.Decision, end.At);
        else if (IsArmedAgain(open.Decision.Rule)) Rearm(open.Decision, end.At, FiringEnd.Done);
    }

    /// <summary>What was in doubt is known by now.</summary>
    public void Settled(ActionEvent end)
    {
        if (_inDoubt.Remove(end.Step.Decision, out var decision) && end.Phase == ActionPhase.Failed) InVain(decision, end.At);
    }

    /// <summary>
    /// Holds came back after a restart. What had fired then has no end that anybody will tell, as the run that knew it is over:
    /// those rules are armed again, or they would be silent for as long as their condition stays true.
    /// </summary>
    public void Restored(IEnumerable<SavedHold> holds, PolicySet policies, DateTimeOffset at)
    {
        // Plans that waited for approval are gone with the run that kept them, and so is what was to be done one after another.
        var ends = policies.Rules.Where(r => IsArmedAgain(r) || GoesOn(r) || r.Mode == RuleMode.Recommend)
            .ToDictionary(r => r.Name, r => r.Mode == RuleMode.Recommend ? FiringEnd.Unheard : GoesOn(r) ? FiringEnd.InVain : FiringEnd.Done, StringComparer.Ordinal);
        foreach (var hold in holds.Where(h => h.State == HoldState.Firing))
        {
            if (hold.Subject is { } subject && ends.TryGetValue(hold.Rule, out var end)) rearm(hold.Rule, subject, at, end);
        }
    }

    private void InVain(Decision decision, DateTimeOffset at)
    {
        // Who only tells has told.
        if (!decision.Rule.Actions.All(a => a.OnlyTells)) Rearm(decision, at + PauseOf(decision.Rule), FiringEnd.InVain);
    }

    private void Rearm(Decision decision, DateTimeOffset at, FiringEnd end)
    {
        if (decision.Subject is { } subject) rearm(decision.Rule.Name, subject, at, end);
    }

    private static int ActionsOf(Plan plan, Decision decision) => plan.Steps.Count(s => s.Decision == decision.Id && !s.Action.OnlyTells);

    /// <summary>A host powered on beside a move that failed has relieved nobody yet.</summary>
    private static bool IsWhatItIsFor(Rule rule, PlannedAction done) => done is PlannedAction.Migrate || !IsArmedAgain(rule);

    private TimeSpan PauseOf(Rule rule)
    {
        var pause = pollingInterval * PollsBeforeAskingAgain - (rule.Trigger is Trigger.When when ? when.For : TimeSpan.Zero);
        return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
    }

    private static bool GoesOn(Rule rule) => rule.Actions.Any(a => a is PolicyAction.PowerOnUntil);

    private static bool IsArmedAgain(Rule rule) => rule.Actions.Any(a => a is PolicyAction.Evacuate);
}
