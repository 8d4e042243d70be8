using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Rules.Judging;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Rules.Network;

/// <summary>One rule that fires at times. A time that falls outside <c>during</c>, or within the cooldown of the last firing, is passed over.</summary>
internal sealed class ScheduleNode(Rule rule, ConditionCompiler compiler)
{
    private readonly RuleGates _gates = new(rule.Guards, null, compiler);
    private readonly SortedSet<DateTimeOffset> _due = [];
    private DateTimeOffset _firedAt;
    private DateTimeOffset _coolUntil;

    public Rule Rule => rule;

    public void Add(ScheduleEvent due) => _due.Add(due.Due);

    public void Evaluate(DateTimeOffset at, DateTime local, ImmutableArray<Firing>.Builder firings, ImmutableArray<Withheld>.Builder withheld)
    {
        foreach (var due in _due)
        {
            if (HeldBy(at, local).FirstOrDefault() is { } guard)
            {
                withheld.Add(new Withheld(rule, at, due, guard.ToString()));
                continue;
            }

            (_firedAt, _coolUntil) = (at, at + (rule.Cooldown ?? TimeSpan.Zero));
            firings.Add(new Firing(rule, null, at, due, Reason(due)));
        }

        _due.Clear();
    }

    /// <param name="at">As of the last firing; a cooldown that was over by then is past.</param>
    public IEnumerable<SavedHold> Save(DateTimeOffset at) =>
        _coolUntil > at ? [new SavedHold(rule.Name, rule.Fingerprint, null, HoldState.Cooling, _firedAt, _coolUntil, default)] : [];

    public void ForgetCooldown() => (_firedAt, _coolUntil) = (default, default);

    public void Restore(SavedHold hold) => (_firedAt, _coolUntil) = (hold.Since, hold.CoolUntil);

    public RuleExplanation Explain(DateTimeOffset at, DateTime local)
    {
        var cooling = _coolUntil > at;
        var held = HeldBy(at, local).ToImmutableArray();
        return new RuleExplanation(rule, null, at, cooling ? HoldState.Cooling : HoldState.Inactive, cooling ? _firedAt : null)
        {
            Guards = _gates.DuringIn(local) is { Open: true } open ? [open, .. held] : held,
            CoolUntil = cooling ? _coolUntil : null,
            Needed = ["its time would have to come", .. RuleGates.Needed(held)],
        };
    }

    private string Reason(DateTimeOffset due) => rule.Trigger is Trigger.HaveOn have
        ? $"to have {have.Count} host(s) on by {have.By:HH:mm}, its time came at {due:HH:mm:ss}"
        : $"its time came at {due:HH:mm:ss}";

    private IEnumerable<FoundGuard> HeldBy(DateTimeOffset at, DateTime local)
    {
        if (_gates.DuringIn(local) is { Open: false } during) yield return during;
        if (_coolUntil > at) yield return new FoundGuard.Cooldown(null, _coolUntil, _coolUntil - at);
    }
}
