using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules.Network;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Rules;

/// <summary>
/// The forward-chaining network of one policy set. An update marks only the rules that read the changed fact, and of those only the
/// subjects concerned: joins follow the keys vm -> host -> cluster. Nor does every new value mark: one that stays on the same side of all
/// the constants a rule compares it with changes no verdict. What ranges over a cluster is summed up by cluster, and marks where the sum
/// comes out differently; a time window marks when it opens or closes. Marked pairs and those whose hold machine runs are evaluated by
/// <see cref="Fire"/>; all others are not looked at.
/// </summary>
public sealed class RuleNetwork : IRuleEngine
{
    private readonly TimeZoneInfo _zone;
    private readonly WorkingMemory _memory = new();
    private readonly ConditionCompiler _compiler;
    private readonly ImmutableArray<ConditionNode> _conditions;
    private readonly ImmutableArray<EventNode> _events;
    private readonly Dictionary<string, ScheduleNode> _schedules;
    private readonly HoldKeeping _holds;
    private FactsAt _now;
    private Func<SubjectRef, string?> _actedOn = _ => null;

    /// <param name="siteZone">In which times of day are read where the policies name no zone. Null: UTC.</param>
    public RuleNetwork(PolicySet policies, TimeZoneInfo? siteZone = null)
    {
        _zone = policies.TimeZone ?? siteZone ?? TimeZoneInfo.Utc;
        _compiler = new ConditionCompiler(_memory);
        _conditions = [.. policies.Rules.Where(r => r.Trigger is Trigger.When).Select(r => new ConditionNode(r, (Trigger.When)r.Trigger, _memory, _compiler))];
        _events = [.. policies.Rules.Where(r => r.Trigger is Trigger.On).Select(r => new EventNode(r, (Trigger.On)r.Trigger, _memory, _compiler))];
        _schedules = policies.Rules.Where(r => r.Trigger is not (Trigger.When or Trigger.On)).ToDictionary(r => r.Name, r => new ScheduleNode(r, _compiler), StringComparer.Ordinal);
        _holds = new HoldKeeping(_memory, _conditions, _events, _schedules.Values);
        MoveClock(DateTimeOffset.MinValue);
        Reads = [.. Enum.GetValues<SubjectKind>().SelectMany(k => _memory.Table(k).Columns).Select(c => c.Fact).Where(f => !FactTable.IsOwn(f))];
    }

    public IReadOnlyCollection<Fact> Reads { get; }

    public void Insert(SubjectRef subject, string? parent, ImmutableHashSet<string>? tags = null)
    {
        if (subject.Kind == SubjectKind.Host) _memory.PutHost(subject.Name, parent ?? Host.DefaultCluster, tags ?? []);
        else if (subject.Kind == SubjectKind.Vm) _memory.PutVm(subject.Name, parent ?? throw new ArgumentException($"{subject} needs a host", nameof(parent)), tags ?? []);
        else throw new ArgumentException($"{subject} comes and goes with its hosts", nameof(subject));
    }

    public void Update(SubjectRef subject, Fact fact, in Reading reading) => _memory.Update(subject, fact, reading);

    public void Retract(SubjectRef subject) => _memory.Remove(subject);

    public void Insert(SiteEvent happened, DateTimeOffset at)
    {
        if (_events.IsEmpty) return;
        MoveClock(at);
        Settle();
        foreach (var node in _events) node.Happened(happened, at);
    }

    public void Insert(ScheduleEvent due)
    {
        if (_schedules.TryGetValue(due.Rule, out var node)) node.Add(due);
    }

    public FireResult Fire(DateTimeOffset at, Func<SubjectRef, string?> actedOn)
    {
        var firings = ImmutableArray.CreateBuilder<Firing>();
        var transitions = ImmutableArray.CreateBuilder<HoldTransition>();
        var withheld = ImmutableArray.CreateBuilder<Withheld>();
        _actedOn = actedOn;
        MoveClock(at);
        Settle();
        foreach (var node in _conditions) node.Evaluate(at, actedOn, firings, transitions, _now);
        foreach (var node in _events) node.Evaluate(at, actedOn, firings);
        foreach (var node in _schedules.Values) node.Evaluate(at, _now.Local, firings, withheld);
        _memory.ForgetFresh();
        return new FireResult(firings.ToImmutable(), transitions.ToImmutable()) { Withheld = withheld.ToImmutable() };
    }

    public void Rearm(string rule, SubjectRef subject, DateTimeOffset at, FiringEnd end) => _holds.Rearm(rule, subject, at, end);

    public ImmutableArray<SavedHold> SaveHolds() => _holds.Save(_now.At);

    public void RestoreHolds(IEnumerable<SavedHold> holds, TimeSpan shift) => _holds.Restore(holds, shift);

    public RuleExplanation? Explain(string rule, SubjectRef? subject)
    {
        Settle();
        if (subject is not { } asked) return _schedules.GetValueOrDefault(rule)?.Explain(_now.At, _now.Local);
        if (_holds.Find(rule, asked) is var (node, row)) return node.Explain(row, _now.At, _actedOn, _now);
        return _events.FirstOrDefault(e => e.Rule.Name == rule && e.Kind == asked.Kind)?.Explain(asked, _now.At, _actedOn, _now);
    }

    private void MoveClock(DateTimeOffset at)
    {
        _now = new FactsAt(_memory, at, at == DateTimeOffset.MinValue ? DateTime.MinValue : TimeZoneInfo.ConvertTime(at, _zone).DateTime);
        foreach (var window in _compiler.Windows)
        {
            if (!window.MoveTo(_now.Local)) continue;
            foreach (var reader in window.Readers) _memory.MarkAll(reader);
        }
    }

    /// <summary>Brings what ranges over clusters up to date, and marks those for whom it came out differently.</summary>
    private void Settle()
    {
        foreach (var tallies in _compiler.Tallies) tallies.Settle();
    }
}
