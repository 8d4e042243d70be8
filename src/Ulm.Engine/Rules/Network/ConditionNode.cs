using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Rules.Network;

/// <summary>One <c>when</c> rule in the network: its predicate, and a hold machine for each subject for which one runs.</summary>
internal sealed class ConditionNode : Reader
{
    private readonly WorkingMemory _memory;
    private readonly Trigger.When _when;
    private readonly RuleGates _gates;
    private readonly Predicate _condition;
    private readonly Predicate? _until;
    private readonly Dictionary<int, HoldMachine> _running = [];
    private readonly List<(int Row, HoldState Before)> _due = [];
    private readonly int _specificity;

    /// <summary>Null: each subject cools down for itself.</summary>
    private readonly Cooldowns? _shared;

    public ConditionNode(Rule rule, Trigger.When when, WorkingMemory memory, ConditionCompiler compiler)
        : base(when.Subject)
    {
        (Rule, _when, _memory) = (rule, when, memory);
        _gates = new RuleGates(rule.Guards, when.Subject, compiler);
        var scope = RuleGates.ScopeOf(rule.Guards);
        _condition = compiler.Compile(scope is null ? when.Condition : new Condition.And([scope, when.Condition]), when.Subject, this);
        // One that is no longer the rule's does not wait for the second mark.
        _until = rule.Until is not { } until ? null
            : compiler.Compile(scope is null ? until : new Condition.Or([until, new Condition.Not(scope)]), when.Subject, null);
        _specificity = Judging.Specificity.Of(when.Condition);
        _shared = Cooldowns.IsShared(rule, when.Subject) ? new Cooldowns(rule) : null;
        memory.Readers.Add(this);
    }

    public Rule Rule { get; }

    public override void Forget(int row)
    {
        Marked.Remove(row);
        _running.Remove(row);
    }

    public void Rearm(int row, DateTimeOffset at, FiringEnd end)
    {
        var machine = MachineOf(row);
        machine.Rearm(at, end, _until is not null);
        _running[row] = machine;
    }

    public void Restore(int row, HoldMachine machine) => _running[row] = machine;

    public void ForgetHolds() => _running.Clear();

    /// <returns>False: the rule's cooldowns are each subject's own.</returns>
    public bool RestoreCooldown(SubjectRef group, DateTimeOffset until)
    {
        _shared?.Restore(group, until);
        return _shared is not null;
    }

    public IEnumerable<SavedHold> Save()
    {
        var own = _running.Where(r => r.Value.State != HoldState.Inactive || r.Value.IgnoreBefore != default).OrderBy(r => r.Key).Select(
            r => new SavedHold(Rule.Name, Rule.Fingerprint, _memory.SubjectOf(Kind, r.Key), r.Value.State, r.Value.Since, r.Value.CoolUntil, r.Value.IgnoreBefore) { HasTold = r.Value.HasTold });
        var shared = _shared?.Running.Select(c => new SavedHold(Rule.Name, Rule.Fingerprint, c.Group, HoldState.Cooling, c.Until - _shared.Length, c.Until, default));
        return own.Concat(shared ?? []);
    }

    public void Evaluate(
        DateTimeOffset at, Func<SubjectRef, string?> actedOn, ImmutableArray<Firing>.Builder firings, ImmutableArray<HoldTransition>.Builder transitions, FactsAt facts)
    {
        _shared?.ForgetPast(at);
        Marked.Add(_memory.Fresh(Kind));
        foreach (var row in _running.Keys) Marked.Add(row);
        var visit = _memory.Visit;
        visit.Clear();
        Marked.DrainTo(visit);
        foreach (var row in visit)
        {
            var machine = MachineOf(row);
            var before = machine.State;
            var match = MatchOf(row, machine);
            // Counting from an instant to come: until then nothing can have been measured that counts.
            var condition = machine.IgnoreBefore > at ? Truth.Unknown : _condition.Evaluate(match);
            if (condition != Truth.True && before == HoldState.Inactive)
            {
                // Nothing runs here; a machine that waits for samples newer than its last action is kept until one has come.
                if (condition == Truth.False) _running.Remove(row);
                continue;
            }

            var until = _until is null || machine.IgnoreBefore > at ? Truth.Unknown : _until.Evaluate(match);
            var due = machine.Advance(at, condition, _until is not null, until, _when.For);
            _running[row] = machine;
            if (due && _gates.Permit(match) && actedOn(_memory.SubjectOf(Kind, row)) is null) _due.Add((row, before));
            else if (machine.State != before) transitions.Add(Transition(row, machine, before, at, facts));
        }

        // Where one firing quiets others, the oldest comes first.
        if (_shared is not null) _due.Sort((a, b) => Compare(a.Row, b.Row));
        foreach (var (row, before) in _due) Fire(row, before, at, firings, transitions, facts);
        _due.Clear();
    }

    /// <param name="actedOn">As of the last firing.</param>
    public RuleExplanation Explain(int row, DateTimeOffset at, Func<SubjectRef, string?> actedOn, FactsAt facts)
    {
        var (machine, subject) = (MachineOf(row), _memory.SubjectOf(Kind, row));
        var source = facts.Counting(machine.IgnoreBefore);
        var judge = new ConditionJudge(source);
        var condition = judge.Judge(_when.Condition, subject);
        var until = Rule.Until is null ? null : judge.Judge(Rule.Until, subject);
        var guards = _gates.Find(subject, source).Concat(HeldBy(subject, machine, at, actedOn)).ToImmutableArray();
        return new RuleExplanation(Rule, subject, at, machine.State, _running.ContainsKey(row) ? machine.Since : null)
        {
            Condition = condition,
            Until = until,
            Guards = guards,
            DueAt = machine.State == HoldState.Pending ? machine.Since + _when.For : null,
            CoolUntil = machine.CoolUntil > at ? machine.CoolUntil : null,
            CountsFrom = machine.IgnoreBefore == default ? null : machine.IgnoreBefore,
            Needed = machine.State == HoldState.Firing
                ? [.. (until is null ? NeededChanges.For(condition, toBe: false) : NeededChanges.For(until)).Select(n => $"it has fired; to be armed again {n}")]
                : [.. NeededChanges.For(condition), .. RuleGates.Needed(guards)],
        };
    }

    public HoldMachine MachineOf(int row) => _running.GetValueOrDefault(row);

    private IEnumerable<FoundGuard> HeldBy(SubjectRef subject, HoldMachine machine, DateTimeOffset at, Func<SubjectRef, string?> actedOn)
    {
        if (machine.State == HoldState.Cooling && machine.CoolUntil > at) yield return new FoundGuard.Cooldown(subject, machine.CoolUntil, machine.CoolUntil - at);
        else if (_shared is not null && GroupOf(subject) is { } group && _shared.Until(group, at) is { } until) yield return new FoundGuard.Cooldown(group, until, until - at);
        if (actedOn(subject) is { } doing) yield return new FoundGuard.ActedOn(doing);
    }

    private void Fire(
        int row, HoldState before, DateTimeOffset at, ImmutableArray<Firing>.Builder firings, ImmutableArray<HoldTransition>.Builder transitions, FactsAt facts)
    {
        var (machine, subject) = (MachineOf(row), _memory.SubjectOf(Kind, row));
        var since = machine.Since;
        var group = _shared is null ? null : GroupOf(subject);
        if (group is null || _shared!.Until(group.Value, at) is null)
        {
            machine.Fire(at, Rule.Cooldown ?? TimeSpan.Zero);
            _running[row] = machine;
            if (group is { } quieted) _shared!.Start(quieted, at);
            firings.Add(new Firing(Rule, subject, at, since, Reason(subject, machine, facts)) { Specificity = _specificity, HasTold = machine.HasTold });
        }

        if (machine.State != before) transitions.Add(Transition(row, machine, before, at, facts));
    }

    private string Reason(SubjectRef subject, in HoldMachine machine, FactsAt facts)
    {
        var leaves = new ConditionJudge(facts.Counting(machine.IgnoreBefore)).Judge(_when.Condition, subject).Leaves.ToList();
        var told = leaves.Any(l => l.Verdict == Truth.True) ? leaves.Where(l => l.Verdict == Truth.True) : leaves;
        return string.Join(", ", told) + (_when.For > TimeSpan.Zero ? $" for {Show.Duration(_when.For)}" : "");
    }

    private HoldTransition Transition(int row, in HoldMachine machine, HoldState before, DateTimeOffset at, FactsAt facts)
    {
        var subject = _memory.SubjectOf(Kind, row);
        return new HoldTransition(Rule, subject, at, before, machine.State, new ConditionJudge(facts.Counting(machine.IgnoreBefore)).Judge(_when.Condition, subject));
    }

    private Match MatchOf(int row, in HoldMachine machine) => _memory.MatchOf(Kind, row, machine.IgnoreBefore.UtcTicks);

    private SubjectRef? GroupOf(SubjectRef subject) => _memory.KeyOf(subject, Rule.CooldownPer!.Value);

    private int Compare(int a, int b)
    {
        var bySince = MachineOf(a).Since.CompareTo(MachineOf(b).Since);
        return bySince != 0 ? bySince : string.CompareOrdinal(_memory.Table(Kind).NameOf(a), _memory.Table(Kind).NameOf(b));
    }
}
