using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Rules;

/// <summary>
/// The forward-chaining network of one policy set. An update marks only the rules that read the changed attribute, and of those only
/// the subjects concerned (a host's attribute concerns its VMs where the rule ranges over VMs: joins follow the key vm -> host).
/// Nor does every new value mark: one that stays on the same side of all the constants a rule compares it with changes no verdict.
/// Marked pairs and those whose hold machine runs are evaluated by <see cref="Fire"/>; all others are not looked at.
/// </summary>
public sealed class RuleNetwork : IRuleEngine
{
    private readonly FactTable _hosts = new();
    private readonly FactTable _vms = new();
    private readonly List<int> _hostOfVm = [];
    private readonly Dictionary<int, HashSet<int>> _vmsOfHost = [];
    private readonly ImmutableArray<ConditionNode> _nodes;
    private readonly Dictionary<string, Rule> _scheduled;
    private readonly List<ScheduleEvent> _due = [];

    public RuleNetwork(PolicySet policies)
    {
        _nodes = [.. policies.Rules.Where(r => r.Trigger is Trigger.When).Select((rule, index) => Node(rule, index))];
        _scheduled = policies.Rules.Where(r => ScheduleCalculator.IsScheduled(r.Trigger)).ToDictionary(r => r.Name, StringComparer.Ordinal);
    }

    public IReadOnlyCollection<PolicyAttribute> Reads => [.. _hosts.Columns.Concat(_vms.Columns).Select(c => c.Attribute)];

    public void Insert(SubjectRef subject, string? host)
    {
        if (subject.Kind == SubjectKind.Host)
        {
            if (_hosts.FindRow(subject.Name) is not null) return;
            var row = _hosts.Add(subject.Name);
            MarkAll(SubjectKind.Host, row);
            return;
        }

        var hostRow = _hosts.FindRow(host ?? throw new ArgumentException($"{subject} needs a host", nameof(host)))
            ?? throw new ArgumentException($"host {host} of {subject} was not inserted", nameof(host));
        var vmRow = _vms.FindRow(subject.Name) ?? _vms.Add(subject.Name);
        while (_hostOfVm.Count <= vmRow) _hostOfVm.Add(-1);
        if (_hostOfVm[vmRow] == hostRow) return;
        Unlink(vmRow);
        _hostOfVm[vmRow] = hostRow;
        if (!_vmsOfHost.TryGetValue(hostRow, out var vms)) _vmsOfHost.Add(hostRow, vms = []);
        vms.Add(vmRow);
        MarkAll(SubjectKind.Vm, vmRow);
    }

    public void Update(SubjectRef subject, PolicyAttribute attribute, in Reading reading)
    {
        var table = TableOf(subject.Kind);
        if (table.FindColumn(attribute) is not { } column || table.FindRow(subject.Name) is not { } row) return;
        var before = column.Values[row];
        column.Values[row] = reading;
        if (before.IsKnown == reading.IsKnown && before.Value.Equals(reading.Value)) return;
        var readers = before.IsKnown && reading.IsKnown && column.SameSide(before.Value, reading.Value) ? column.ReadersOfEveryValue : column.Readers;
        foreach (var reader in readers)
        {
            var node = _nodes[reader];
            if (node.Subject == subject.Kind) node.Mark(row);
            else if (_vmsOfHost.TryGetValue(row, out var vms)) foreach (var vm in vms) node.Mark(vm);
        }
    }

    public void Retract(SubjectRef subject)
    {
        if (TableOf(subject.Kind).FindRow(subject.Name) is not { } row) return;
        if (subject.Kind == SubjectKind.Vm) Unlink(row);
        else if (_vmsOfHost.GetValueOrDefault(row) is { Count: > 0 } left)
            throw new ArgumentException($"{subject} still has {left.Count} VM(s): retract or move them first", nameof(subject));
        foreach (var node in _nodes.Where(n => n.Subject == subject.Kind)) node.Forget(row);
        TableOf(subject.Kind).Remove(subject.Name);
    }

    public void Insert(ScheduleEvent due)
    {
        if (_scheduled.ContainsKey(due.Rule)) _due.Add(due);
    }

    public FireResult Fire(DateTimeOffset at, Func<SubjectRef, bool> isBusy)
    {
        var firings = ImmutableArray.CreateBuilder<Firing>();
        var transitions = ImmutableArray.CreateBuilder<HoldTransition>();
        foreach (var node in _nodes) node.Evaluate(at, row => MatchOf(node, row), row => SubjectOf(node, row), isBusy, firings, transitions);
        foreach (var due in _due.Distinct().OrderBy(d => d.Due))
            firings.Add(new Firing(_scheduled[due.Rule], null, at, due.Due, Reason(_scheduled[due.Rule].Trigger, due)));
        _due.Clear();
        return new FireResult(firings.ToImmutable(), transitions.ToImmutable());
    }

    private static string Reason(Trigger trigger, ScheduleEvent due) => trigger is Trigger.HaveOn have
        ? $"to have {have.Count} host(s) on by {have.By:HH:mm}, its time came at {due.Due:HH:mm:ss}"
        : $"its time came at {due.Due:HH:mm:ss}";

    public void Rearm(string rule, SubjectRef subject, DateTimeOffset at)
    {
        if (Find(rule, subject) is var (node, row)) node.Rearm(row, at);
    }

    public ImmutableArray<SavedHold> SaveHolds() =>
        [.. _nodes.SelectMany(node => node.Running.Select(r => (node, r.Row, r.Machine)))
            .Select(x => new SavedHold(x.node.Rule.Name, x.node.Rule.Fingerprint, SubjectOf(x.node, x.Row), x.Machine.State, x.Machine.Since, x.Machine.CoolUntil, x.Machine.IgnoreBefore))];

    public void RestoreHolds(IEnumerable<SavedHold> holds, TimeSpan shift)
    {
        foreach (var hold in holds)
        {
            if (FindMeaning(hold) is not var (node, row)) continue;
            var since = hold.State == HoldState.Pending ? hold.Since + shift : hold.Since;
            node.Restore(row, HoldMachine.Restore(hold.State, since, hold.CoolUntil, hold.IgnoreBefore));
        }
    }

    public RuleExplanation? Explain(string rule, SubjectRef subject)
    {
        if (Find(rule, subject) is not var (node, row)) return null;
        var machine = node.MachineOf(row);
        var match = MatchOf(node, row) with { IgnoreBefore = machine.IgnoreBefore };
        var clauses = ImmutableArray.CreateBuilder<Clause>();
        node.Predicate.Explain(match, clauses);
        return new RuleExplanation(node.Rule, subject, machine.State, machine.Since, node.Predicate.Evaluate(match), clauses.ToImmutable());
    }

    private ConditionNode Node(Rule rule, int index)
    {
        var when = (Trigger.When)rule.Trigger;
        FactTable.Column Read(PolicyAttribute attribute)
        {
            var column = TableOf(attribute.Subject).ColumnOf(attribute);
            if (!column.Readers.Contains(index)) column.Readers.Add(index);
            return column;
        }

        foreach (var comparison in Comparisons(when.Condition))
        {
            switch (comparison)
            {
                case { Left: Quantity.Read read, Right: Quantity.Constant mark }:
                    Read(read.Attribute).AddCut(mark.Value);
                    break;
                case { Left: Quantity.Constant mark, Right: Quantity.Read read }:
                    Read(read.Attribute).AddCut(mark.Value);
                    break;
                case { Left: Quantity.Read left, Right: Quantity.Read right }:
                    Read(left.Attribute).ReadersOfEveryValue.Add(index);
                    Read(right.Attribute).ReadersOfEveryValue.Add(index);
                    break;
            }
        }

        return new ConditionNode(rule, when, Predicate.Compile(when.Condition, Read), rule.Until is null ? null : Predicate.Compile(rule.Until, Read));
    }

    private static IEnumerable<Condition.Comparison> Comparisons(Condition condition) => condition switch
    {
        Condition.And and => and.Operands.SelectMany(Comparisons),
        Condition.Or or => or.Operands.SelectMany(Comparisons),
        Condition.Not not => Comparisons(not.Operand),
        Condition.Comparison comparison => [comparison],
        _ => [],
    };

    private FactTable TableOf(SubjectKind kind) => kind == SubjectKind.Host ? _hosts : _vms;

    private Match MatchOf(ConditionNode node, int row) =>
        node.Subject == SubjectKind.Host ? new Match(row, -1, default) : new Match(_hostOfVm[row], row, default);

    private SubjectRef SubjectOf(ConditionNode node, int row) => new(node.Subject, TableOf(node.Subject).NameOf(row)!);

    private (ConditionNode, int)? Find(string rule, SubjectRef subject)
    {
        var node = _nodes.FirstOrDefault(n => n.Rule.Name == rule && n.Subject == subject.Kind);
        return node is not null && TableOf(subject.Kind).FindRow(subject.Name) is { } row ? (node, row) : null;
    }

    /// <summary>The rule that a hold belongs to: of its name, or, where a sentence without a name has moved to another line, the only one that means the same.</summary>
    private (ConditionNode, int)? FindMeaning(SavedHold hold)
    {
        if (Find(hold.Rule, hold.Subject) is var (named, row) && named.Rule.Fingerprint == hold.Fingerprint) return (named, row);
        var same = _nodes.Where(n => n.Rule.Fingerprint == hold.Fingerprint && n.Subject == hold.Subject.Kind).Take(2).ToList();
        return same.Count == 1 ? Find(same[0].Rule.Name, hold.Subject) : null;
    }

    private void MarkAll(SubjectKind kind, int row)
    {
        foreach (var node in _nodes.Where(n => n.Subject == kind)) node.Mark(row);
    }

    private void Unlink(int vmRow)
    {
        if (_hostOfVm[vmRow] >= 0) _vmsOfHost[_hostOfVm[vmRow]].Remove(vmRow);
        _hostOfVm[vmRow] = -1;
    }
}
