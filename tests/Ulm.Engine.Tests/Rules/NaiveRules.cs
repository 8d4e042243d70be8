using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Tests.Rules;

/// <summary>
/// The meaning of rules written down plainly: at each firing every rule is judged for every subject from scratch. Shares no code with
/// the network, so that the two can be held against each other.
/// </summary>
internal sealed class NaiveRules(IReadOnlyList<Rule> rules)
{
    private readonly Dictionary<string, Dictionary<PolicyAttribute, Reading>> _hosts = [];
    private readonly Dictionary<string, (string Host, Dictionary<PolicyAttribute, Reading> Values)> _vms = [];
    private readonly Dictionary<(string Rule, SubjectRef Subject), Clock> _clocks = [];

    private sealed record Clock(HoldState State, DateTimeOffset Since, DateTimeOffset CoolUntil, DateTimeOffset IgnoreBefore);

    public IEnumerable<string> Hosts => _hosts.Keys;

    public IEnumerable<string> Vms => _vms.Keys;

    public IEnumerable<SubjectRef> Subjects => _hosts.Keys.Select(SubjectRef.Host).Concat(_vms.Keys.Select(SubjectRef.Vm));

    public bool HasVms(string host) => _vms.Values.Any(v => v.Host == host);

    public void InsertHost(string host) => _hosts.TryAdd(host, []);

    public void PutVm(string vm, string host) => _vms[vm] = (host, _vms.TryGetValue(vm, out var known) ? known.Values : []);

    public void Update(SubjectRef subject, PolicyAttribute attribute, Reading reading) =>
        (subject.Kind == SubjectKind.Host ? _hosts[subject.Name] : _vms[subject.Name].Values)[attribute] = reading;

    public void Retract(SubjectRef subject)
    {
        _ = subject.Kind == SubjectKind.Host ? _hosts.Remove(subject.Name) : _vms.Remove(subject.Name);
        foreach (var key in _clocks.Keys.Where(k => k.Subject == subject).ToList()) _clocks.Remove(key);
    }

    /// <summary>Hands everything known to a fresh network, as a reload does.</summary>
    public void FeedInto(RuleNetwork network)
    {
        foreach (var (host, values) in _hosts)
        {
            network.Insert(SubjectRef.Host(host), null);
            foreach (var (attribute, reading) in values) network.Update(SubjectRef.Host(host), attribute, reading);
        }

        foreach (var (vm, (host, values)) in _vms)
        {
            network.Insert(SubjectRef.Vm(vm), host);
            foreach (var (attribute, reading) in values) network.Update(SubjectRef.Vm(vm), attribute, reading);
        }
    }

    public HoldState StateOf(Rule rule, SubjectRef subject) => ClockOf(rule, subject).State;

    public void Rearm(Rule rule, SubjectRef subject, DateTimeOffset at)
    {
        var clock = ClockOf(rule, subject) with { IgnoreBefore = at };
        _clocks[(rule.Name, subject)] = clock.State == HoldState.Firing && rule.Until is null ? Left(clock, at) : clock;
    }

    /// <returns>Rule and subject of each firing.</returns>
    public IEnumerable<(string Rule, SubjectRef Subject)> Fire(DateTimeOffset at, Func<SubjectRef, bool> isBusy)
    {
        foreach (var rule in rules)
        {
            var when = (Trigger.When)rule.Trigger;
            foreach (var subject in Subjects.Where(s => s.Kind == when.Subject))
            {
                var clock = ClockOf(rule, subject);
                var holds = Judge(when.Condition, subject, clock.IgnoreBefore);
                var over = rule.Until is { } until ? Judge(until, subject, clock.IgnoreBefore) == true : holds == false;
                if (clock.State == HoldState.Inactive && holds == false) clock = clock with { IgnoreBefore = default };
                if (clock.State == HoldState.Cooling && at >= clock.CoolUntil) clock = clock with { State = HoldState.Inactive, Since = at };
                if (clock.State == HoldState.Firing && over) clock = Left(clock, at);
                if (clock.State == HoldState.Inactive && holds == true) clock = clock with { State = HoldState.Pending, Since = at };
                if (clock.State == HoldState.Pending && holds != true) clock = clock with { State = HoldState.Inactive, Since = at };
                if (clock.State == HoldState.Pending && at >= clock.Since + when.For && !isBusy(subject))
                {
                    clock = clock with { State = HoldState.Firing, Since = at, CoolUntil = at + (rule.Cooldown ?? TimeSpan.Zero) };
                    yield return (rule.Name, subject);
                }

                _clocks[(rule.Name, subject)] = clock;
            }
        }
    }

    private static Clock Left(Clock clock, DateTimeOffset at) =>
        clock with { State = clock.CoolUntil > at ? HoldState.Cooling : HoldState.Inactive, Since = at };

    private Clock ClockOf(Rule rule, SubjectRef subject) => _clocks.GetValueOrDefault((rule.Name, subject), new Clock(HoldState.Inactive, default, default, default));

    /// <summary>Null: unknown.</summary>
    private bool? Judge(Condition condition, SubjectRef subject, DateTimeOffset ignoreBefore)
    {
        switch (condition)
        {
            case Condition.Not not:
                return !Judge(not.Operand, subject, ignoreBefore);
            case Condition.And and:
                var all = and.Operands.Select(o => Judge(o, subject, ignoreBefore)).ToList();
                return all.Contains(false) ? false : all.Contains(null) ? null : true;
            case Condition.Or or:
                var any = or.Operands.Select(o => Judge(o, subject, ignoreBefore)).ToList();
                return any.Contains(true) ? true : any.Contains(null) ? null : false;
            case Condition.Comparison { Left: Quantity.Read read, Right: Quantity.Constant mark, Operator: var op }:
                var values = read.Attribute.Subject == SubjectKind.Vm ? _vms[subject.Name].Values
                    : _hosts[subject.Kind == SubjectKind.Vm ? _vms[subject.Name].Host : subject.Name];
                if (!values.TryGetValue(read.Attribute, out var reading) || !reading.IsKnown || reading.At < ignoreBefore) return null;
                return op == ComparisonOperator.Greater ? reading.Value > mark.Value : reading.Value <= mark.Value;
            default:
                throw new NotSupportedException(condition.ToString());
        }
    }
}
