using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Rules.Network;

/// <summary>
/// One <c>on</c> rule: an event waits until the rule may fire for its subject, or until what it brought about no longer stands. Whether
/// the subject is the rule's is decided when the event happens; of one that has gone so is <c>unless</c>.
/// </summary>
internal sealed class EventNode
{
    private readonly WorkingMemory _memory;
    private readonly Trigger.On _on;
    private readonly RuleGates _gates;
    private readonly Predicate? _scope;
    private readonly Cooldowns _cooldowns;
    private readonly Dictionary<SubjectRef, (DateTimeOffset Since, SubjectRef Group)> _waiting = [];

    public EventNode(Rule rule, Trigger.On on, WorkingMemory memory, ConditionCompiler compiler)
    {
        (Rule, _on, _memory) = (rule, on, memory);
        _gates = new RuleGates(rule.Guards, on.Subject, compiler);
        _scope = RuleGates.ScopeOf(rule.Guards) is { } scope ? compiler.Compile(scope, on.Subject, null) : null;
        _cooldowns = new Cooldowns(rule);
    }

    public Rule Rule { get; }

    public SubjectKind Kind => _on.Subject;

    private bool SubjectGoes => _on.Event is SubjectEvent.HostLeaves or SubjectEvent.VmStops;

    public void Happened(SiteEvent happened, DateTimeOffset at)
    {
        if (SiteEvent.Undoes(happened.Event, _on.Event)) _waiting.Remove(happened.Subject);
        if (happened.Event != _on.Event || _memory.Table(Kind).FindRow(happened.Subject.Name) is not { } row) return;
        var match = _memory.MatchOf(Kind, row);
        if (_scope is not null && _scope.Evaluate(match) != Truth.True) return;
        if (SubjectGoes && !_gates.UnlessPermits(match)) return;
        _waiting.TryAdd(happened.Subject, (at, GroupOf(happened.Subject)));
    }

    public void Evaluate(DateTimeOffset at, Func<SubjectRef, string?> actedOn, ImmutableArray<Firing>.Builder firings)
    {
        _cooldowns.ForgetPast(at);
        if (_waiting.Count == 0) return;
        foreach (var (subject, (since, group)) in _waiting.OrderBy(w => w.Value.Since).ThenBy(w => w.Key.Name, StringComparer.Ordinal).ToList())
        {
            if (!MayFire(subject) || actedOn(subject) is not null || _cooldowns.Until(group, at) is not null) continue;
            _waiting.Remove(subject);
            _cooldowns.Start(group, at);
            firings.Add(new Firing(Rule, subject, at, since, new SiteEvent(_on.Event, subject).ToString()) { Specificity = 1 });
        }
    }

    public IEnumerable<SavedHold> Save() =>
        _waiting.OrderBy(w => w.Key.Name, StringComparer.Ordinal).Select(w => new SavedHold(Rule.Name, Rule.Fingerprint, w.Key, HoldState.Pending, w.Value.Since, default, default) { Group = w.Value.Group })
            .Concat(_cooldowns.Running.Select(c => new SavedHold(Rule.Name, Rule.Fingerprint, c.Group, HoldState.Cooling, c.Until - _cooldowns.Length, c.Until, default)));

    public void Restore(SavedHold hold)
    {
        if (hold.Subject is not { } subject) return;
        if (hold.State == HoldState.Cooling) _cooldowns.Restore(subject, hold.CoolUntil);
        else if (hold.State == HoldState.Pending) _waiting.TryAdd(subject, (hold.Since, hold.Group ?? GroupOf(subject)));
    }

    public RuleExplanation? Explain(SubjectRef subject, DateTimeOffset at, Func<SubjectRef, string?> actedOn, FactsAt facts)
    {
        var waits = _waiting.TryGetValue(subject, out var waiting);
        var isThere = _memory.Table(Kind).FindRow(subject.Name) is not null;
        if (!waits && !isThere) return null;
        var group = waits ? waiting.Group : GroupOf(subject);
        var coolUntil = _cooldowns.Until(group, at);
        var guards = _gates.Find(isThere ? subject : null, facts.Counting(default)).ToList();
        if (coolUntil is { } until) guards.Add(new FoundGuard.Cooldown(group, until, until - at));
        if (actedOn(subject) is { } doing) guards.Add(new FoundGuard.ActedOn(doing));
        return new RuleExplanation(
            Rule, subject, at, waits ? HoldState.Pending : coolUntil is null ? HoldState.Inactive : HoldState.Cooling, waits ? waiting.Since : coolUntil - _cooldowns.Length)
        {
            Guards = [.. guards],
            DueAt = waits ? waiting.Since : null,
            CoolUntil = coolUntil,
            Needed = [.. waits ? [] : new[] { $"it would have to happen that {Happens(subject)}" }, .. RuleGates.Needed(guards)],
        };
    }

    private bool MayFire(SubjectRef subject) =>
        _memory.Table(Kind).FindRow(subject.Name) is { } row && !SubjectGoes ? _gates.Permit(_memory.MatchOf(Kind, row)) : _gates.DuringIsOpen;

    private SubjectRef GroupOf(SubjectRef subject) =>
        Cooldowns.IsShared(Rule, Kind) ? _memory.KeyOf(subject, Rule.CooldownPer!.Value) ?? subject : subject;

    private string Happens(SubjectRef subject) => _on.Event switch
    {
        SubjectEvent.HostJoins => $"host {subject.Name} joins",
        SubjectEvent.HostLeaves => $"host {subject.Name} leaves",
        SubjectEvent.HostFails => $"host {subject.Name} fails",
        SubjectEvent.HostReturns => $"host {subject.Name} returns after it failed",
        SubjectEvent.VmStarts => $"vm {subject.Name} starts",
        _ => $"vm {subject.Name} stops",
    };
}
