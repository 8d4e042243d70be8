using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules;

/// <summary>One <c>when</c> rule in the network: its predicate, and a hold machine for each subject for which one runs.</summary>
internal sealed class ConditionNode(Rule rule, Trigger.When when, Predicate predicate, Predicate? until)
{
    private readonly Dictionary<int, HoldMachine> _running = [];
    private readonly RowSet _marked = new();
    private readonly List<int> _visit = [];

    public Rule Rule => rule;

    public SubjectKind Subject => when.Subject;

    public Predicate Predicate => predicate;

    public IEnumerable<(int Row, HoldMachine Machine)> Running =>
        _running.Where(r => r.Value.State != HoldState.Inactive || r.Value.IgnoreBefore != default).OrderBy(r => r.Key).Select(r => (r.Key, r.Value));

    public void Mark(int row) => _marked.Add(row);

    public void Forget(int row)
    {
        _marked.Remove(row);
        _running.Remove(row);
    }

    public HoldMachine MachineOf(int row) => _running.GetValueOrDefault(row);

    public void Restore(int row, HoldMachine machine) => _running[row] = machine;

    public void Rearm(int row, DateTimeOffset at)
    {
        var machine = MachineOf(row);
        machine.Rearm(at, until is not null);
        _running[row] = machine;
    }

    public void Evaluate(
        DateTimeOffset at,
        Func<int, Match> matchOf,
        Func<int, SubjectRef> subjectOf,
        Func<SubjectRef, bool> isBusy,
        ImmutableArray<Firing>.Builder firings,
        ImmutableArray<HoldTransition>.Builder transitions)
    {
        foreach (var row in _running.Keys) _marked.Add(row);
        _visit.Clear();
        _marked.DrainTo(_visit);
        foreach (var row in _visit)
        {
            var machine = MachineOf(row);
            var before = machine;
            var match = matchOf(row) with { IgnoreBefore = machine.IgnoreBefore };
            var condition = predicate.Evaluate(match);
            if (condition != Truth.True && machine.State == HoldState.Inactive)
            {
                // Nothing runs here; a machine that waits for samples newer than its last action is kept until one has come.
                if (condition == Truth.False) _running.Remove(row);
                continue;
            }

            var subject = subjectOf(row);
            var fired = machine.Step(
                at, condition, until is not null, until?.Evaluate(match) ?? Truth.Unknown, when.For, rule.Cooldown ?? TimeSpan.Zero, isBusy(subject));
            _running[row] = machine;
            if (fired) firings.Add(Fired(subject, at, before.State == HoldState.Pending ? before.Since : at, match));
            if (machine.State != before.State)
                transitions.Add(new HoldTransition(rule, subject, at, before.State, machine.State, Because(match)));
        }
    }

    private Firing Fired(SubjectRef subject, DateTimeOffset at, DateTimeOffset since, in Match match)
    {
        var held = when.For > TimeSpan.Zero ? $" for {Show.Duration(when.For)}" : "";
        return new Firing(rule, subject, at, since, Because(match, onlyTrue: true) + held) { Specificity = ClausesOf(match).Length };
    }

    private string Because(in Match match, bool onlyTrue = false)
    {
        var clauses = ClausesOf(match);
        var shown = onlyTrue && clauses.Any(c => c.Verdict == Truth.True) ? clauses.Where(c => c.Verdict == Truth.True) : clauses;
        return string.Join(", ", shown);
    }

    private ImmutableArray<Clause> ClausesOf(in Match match)
    {
        var clauses = ImmutableArray.CreateBuilder<Clause>();
        predicate.Explain(match, clauses);
        return clauses.ToImmutable();
    }
}
