using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Tests.Rules;

/// <summary>
/// The meaning of rules written down plainly: at each firing every rule is judged for every subject from scratch. Shares no code with
/// the network, so that the two can be held against each other.
/// </summary>
internal sealed class NaiveRules(IReadOnlyList<Rule> rules, NaiveMemory memory)
{
    private readonly Dictionary<(string Rule, SubjectRef Subject), Clock> _clocks = [];
    private readonly Dictionary<(string Rule, SubjectRef Group), DateTimeOffset> _quiet = [];
    private readonly Dictionary<(string Rule, SubjectRef Subject), (DateTimeOffset Since, SubjectRef Group)> _waiting = [];
    private readonly Dictionary<string, DateTimeOffset> _scheduleCools = [];
    private readonly HashSet<(string Rule, DateTimeOffset Due)> _due = [];

    private sealed record Clock(HoldState State, DateTimeOffset Since, DateTimeOffset CoolUntil, DateTimeOffset IgnoreBefore, bool HasTold = false);

    private DateTimeOffset Now => memory.Now;

    public HoldState StateOf(Rule rule, SubjectRef subject) => ClockOf(rule, subject).State;

    /// <summary>Null: unknown.</summary>
    public bool? VerdictOf(Rule rule, SubjectRef subject) => memory.Judge(((Trigger.When)rule.Trigger).Condition, subject, ClockOf(rule, subject).IgnoreBefore);

    /// <summary>Clocks of those that are no longer there are gone for good.</summary>
    public void DropGone()
    {
        var there = memory.Subjects.ToHashSet();
        foreach (var key in _clocks.Keys.Where(k => !there.Contains(k.Subject)).ToList()) _clocks.Remove(key);
    }

    public void Rearm(Rule rule, SubjectRef subject, DateTimeOffset at, FiringEnd end)
    {
        var clock = ClockOf(rule, subject) with { IgnoreBefore = at };
        if (end == FiringEnd.InVain) clock = clock with { HasTold = true };
        if (end == FiringEnd.Done) clock = clock with { HasTold = false };
        var waits = end == FiringEnd.Done && rule.Until is not null;
        _clocks[(rule.Name, subject)] = clock.State == HoldState.Firing && !waits ? Left(clock, at) : clock;
    }

    public void Due(string rule, DateTimeOffset due) => _due.Add((rule, due));

    public void Happened(SubjectEvent happened, SubjectRef subject)
    {
        foreach (var rule in rules.Where(r => r.Trigger is Trigger.On))
        {
            var on = (Trigger.On)rule.Trigger;
            var undone = (on.Event, happened) is
                (SubjectEvent.HostJoins or SubjectEvent.HostFails or SubjectEvent.HostReturns, SubjectEvent.HostLeaves) or (SubjectEvent.HostLeaves, SubjectEvent.HostJoins)
                or (SubjectEvent.HostFails, SubjectEvent.HostReturns) or (SubjectEvent.HostReturns, SubjectEvent.HostFails)
                or (SubjectEvent.VmStarts, SubjectEvent.VmStops) or (SubjectEvent.VmStops, SubjectEvent.VmStarts);
            if (undone) _waiting.Remove((rule.Name, subject));
            if (on.Event != happened || InScope(rule, subject, default) != true) continue;
            if (happened is SubjectEvent.HostLeaves or SubjectEvent.VmStops && !UnlessPermits(rule, subject, default)) continue;
            _waiting.TryAdd((rule.Name, subject), (Now, GroupOf(rule, subject)));
        }
    }

    /// <returns>Rule and subject of each firing.</returns>
    public IEnumerable<string> Fire(Func<SubjectRef, bool> isBusy)
    {
        foreach (var rule in rules)
        {
            var fired = rule.Trigger switch
            {
                Trigger.When condition => FireCondition(rule, condition, isBusy),
                Trigger.On events => FireEvents(rule, events, isBusy),
                _ => FireSchedule(rule),
            };
            foreach (var one in fired.ToList()) yield return $"{rule.Name} {one}";
        }
    }

    private IEnumerable<string> FireCondition(Rule rule, Trigger.When when, Func<SubjectRef, bool> isBusy)
    {
        var due = new List<SubjectRef>();
        foreach (var subject in memory.Subjects.Where(s => s.Kind == when.Subject).ToList())
        {
            var clock = ClockOf(rule, subject);
            var pause = clock.IgnoreBefore > Now;
            var scope = InScope(rule, subject, clock.IgnoreBefore);
            var holds = memory.Judge(when.Condition, subject, clock.IgnoreBefore);
            holds = pause ? null : scope == false || holds == false ? false : scope is null || holds is null ? null : true;
            var over = rule.Until is { } until ? !pause && (scope == false || memory.Judge(until, subject, clock.IgnoreBefore) == true) : holds == false;
            if (holds == false) clock = clock with { HasTold = false };
            if (clock.State == HoldState.Inactive && holds == false) clock = clock with { IgnoreBefore = default };
            if (clock.State == HoldState.Cooling && Now >= clock.CoolUntil) clock = clock with { State = HoldState.Inactive, Since = Now };
            if (clock.State == HoldState.Firing && over) clock = Left(clock, Now);
            if (clock.State == HoldState.Inactive && holds == true) clock = clock with { State = HoldState.Pending, Since = Now };
            if (clock.State == HoldState.Pending && holds != true) clock = clock with { State = HoldState.Inactive, Since = Now };
            _clocks[(rule.Name, subject)] = clock;
            if (clock.State == HoldState.Pending && Now >= clock.Since + when.For && !isBusy(subject) && DuringPermits(rule) && UnlessPermits(rule, subject, clock.IgnoreBefore)) due.Add(subject);
        }

        foreach (var subject in due.OrderBy(s => ClockOf(rule, s).Since).ThenBy(s => s.Name, StringComparer.Ordinal))
        {
            var group = GroupOf(rule, subject);
            if (group != subject && _quiet.TryGetValue((rule.Name, group), out var until) && Now < until) continue;
            _clocks[(rule.Name, subject)] = ClockOf(rule, subject) with { State = HoldState.Firing, Since = Now, CoolUntil = Now + (rule.Cooldown ?? TimeSpan.Zero) };
            if (group != subject) _quiet[(rule.Name, group)] = Now + rule.Cooldown!.Value;
            yield return $"{subject}{(ClockOf(rule, subject).HasTold ? ", has told" : "")}";
        }
    }

    private IEnumerable<string> FireEvents(Rule rule, Trigger.On on, Func<SubjectRef, bool> isBusy)
    {
        foreach (var (key, (_, group)) in _waiting.Where(w => w.Key.Rule == rule.Name).OrderBy(w => w.Value.Since).ThenBy(w => w.Key.Subject.Name, StringComparer.Ordinal).ToList())
        {
            var goes = on.Event is SubjectEvent.HostLeaves or SubjectEvent.VmStops;
            if (!DuringPermits(rule) || isBusy(key.Subject) || (_quiet.TryGetValue((rule.Name, group), out var until) && Now < until)) continue;
            if (!goes && memory.Subjects.Contains(key.Subject) && !UnlessPermits(rule, key.Subject, default)) continue;
            _waiting.Remove(key);
            if (rule.Cooldown is { } cooldown) _quiet[(rule.Name, group)] = Now + cooldown;
            yield return key.Subject.ToString();
        }
    }

    private IEnumerable<string> FireSchedule(Rule rule)
    {
        foreach (var due in _due.Where(d => d.Rule == rule.Name).OrderBy(d => d.Due).ToList())
        {
            _due.Remove(due);
            if (!DuringPermits(rule) || (_scheduleCools.TryGetValue(rule.Name, out var until) && Now < until)) continue;
            if (rule.Cooldown is { } cooldown) _scheduleCools[rule.Name] = Now + cooldown;
            yield return "";
        }
    }

    private static Clock Left(Clock clock, DateTimeOffset at) => clock with { State = clock.CoolUntil > at ? HoldState.Cooling : HoldState.Inactive, Since = at };

    private Clock ClockOf(Rule rule, SubjectRef subject) => _clocks.GetValueOrDefault((rule.Name, subject), new Clock(HoldState.Inactive, default, default, default));

    private bool? InScope(Rule rule, SubjectRef subject, DateTimeOffset ignoreBefore)
    {
        if (rule.Guards.Cluster is { } cluster && memory.Key(subject, SubjectKind.Cluster)!.Value.Name != cluster) return false;
        return rule.Guards.Where is { } where ? memory.Judge(where, subject, ignoreBefore) : true;
    }

    private bool DuringPermits(Rule rule) => rule.Guards.During.IsEmpty || rule.Guards.During.Any(w => w.Contains(Now.UtcDateTime));

    private bool UnlessPermits(Rule rule, SubjectRef subject, DateTimeOffset ignoreBefore) => rule.Guards.Unless is not { } unless || memory.Judge(unless, subject, ignoreBefore) == false;

    private SubjectRef GroupOf(Rule rule, SubjectRef subject) => rule.Cooldown is null ? subject : (subject.Kind, rule.CooldownPer) switch
    {
        (SubjectKind.Vm, SubjectKind.Host or SubjectKind.Cluster) or (SubjectKind.Host, SubjectKind.Cluster) => memory.Key(subject, rule.CooldownPer.Value) ?? subject,
        _ => subject,
    };
}
