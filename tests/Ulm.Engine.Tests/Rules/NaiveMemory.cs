using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Tests.Rules;

/// <summary>Who there is and what is known of them, kept as plainly as can be, with conditions judged from scratch.</summary>
internal sealed class NaiveMemory
{
    private readonly SortedDictionary<string, Thing> _hosts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Thing> _vms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<Fact, Reading>> _clusters = [];

    /// <param name="Parent">The cluster of a host, the host of a VM.</param>
    private sealed record Thing(string Parent, ImmutableHashSet<string> Tags, Dictionary<Fact, Reading> Values);

    public DateTimeOffset Now { get; set; } = Some.Monday;

    public IEnumerable<string> Hosts => _hosts.Keys;

    public IEnumerable<SubjectRef> Subjects => Hosts.Select(SubjectRef.Host).Concat(_vms.Keys.Select(SubjectRef.Vm)).Concat(Clusters.Select(SubjectRef.Cluster));

    private IEnumerable<string> Clusters => _hosts.Values.Select(h => h.Parent).Distinct();

    public bool HasVms(string host) => _vms.Values.Any(v => v.Parent == host);

    public void PutHost(string host, string cluster, ImmutableHashSet<string> tags)
    {
        _hosts[host] = new Thing(cluster, tags, _hosts.GetValueOrDefault(host)?.Values ?? []);
        DropEmptyClusters();
    }

    public void PutVm(string vm, string host, ImmutableHashSet<string> tags) => _vms[vm] = new Thing(host, tags, _vms.GetValueOrDefault(vm)?.Values ?? []);

    public void Update(SubjectRef subject, Fact fact, Reading reading) => ValuesOf(subject)[fact] = reading;

    public void Retract(SubjectRef subject)
    {
        _ = subject.Kind == SubjectKind.Host ? _hosts.Remove(subject.Name) : _vms.Remove(subject.Name);
        DropEmptyClusters();
    }

    /// <summary>Hands everything known to a fresh network, as a reload does.</summary>
    public void FeedInto(RuleNetwork network)
    {
        foreach (var (name, host) in _hosts) network.Insert(SubjectRef.Host(name), host.Parent, host.Tags);
        foreach (var (name, vm) in _vms) network.Insert(SubjectRef.Vm(name), vm.Parent, vm.Tags);
        foreach (var subject in Subjects.ToList())
        {
            foreach (var (fact, reading) in ValuesOf(subject)) network.Update(subject, fact, reading);
        }
    }

    /// <summary>The subject itself, or the one of that kind that it stands in.</summary>
    public SubjectRef? Key(SubjectRef subject, SubjectKind kind)
    {
        if (subject.Kind == kind) return subject;
        return subject.Kind switch
        {
            SubjectKind.Vm => Key(SubjectRef.Host(_vms[subject.Name].Parent), kind),
            SubjectKind.Host when kind == SubjectKind.Cluster => SubjectRef.Cluster(_hosts[subject.Name].Parent),
            _ => null,
        };
    }

    /// <summary>Null: unknown.</summary>
    public bool? Judge(Condition condition, SubjectRef subject, DateTimeOffset ignoreBefore)
    {
        switch (condition)
        {
            case Condition.Not not:
                return !Judge(not.Operand, subject, ignoreBefore);
            case Condition.And and:
                return All(and.Operands.Select(o => Judge(o, subject, ignoreBefore)));
            case Condition.Or or:
                return !All(or.Operands.Select(o => !Judge(o, subject, ignoreBefore)));
            case Condition.Within within:
                return within.Window.Contains(Now.UtcDateTime);
            case Condition.Asks asks:
                return Ask(asks, subject, ignoreBefore);
            case Condition.Quantified quantified:
                var members = Members(quantified.Over, subject).Select(m => Judge(quantified.Inner, m, ignoreBefore));
                return quantified.Quantifier == Quantifier.All ? All(members) : !All(members.Select(m => !m));
            case Condition.Comparison comparison:
                // What may be any of several numbers is known where all of them say the same.
                if (Numbers(comparison.Left, subject, ignoreBefore) is not { } left || Numbers(comparison.Right, subject, ignoreBefore) is not { } right) return null;
                var verdicts = left.SelectMany(a => right.Select(b => Compare(a, comparison.Operator, b))).Distinct().ToList();
                return verdicts.Count == 1 ? verdicts[0] : null;
            default:
                throw new NotSupportedException(condition.ToString());
        }
    }

    private static bool? All(IEnumerable<bool?> verdicts)
    {
        var all = verdicts.ToList();
        return all.Contains(false) ? false : all.Contains(null) ? null : true;
    }

    private IEnumerable<SubjectRef> Members(SubjectKind over, SubjectRef subject)
    {
        var cluster = Key(subject, SubjectKind.Cluster);
        return Subjects.Where(s => s.Kind == over && Key(s, SubjectKind.Cluster) == cluster);
    }

    private bool? Ask(Condition.Asks asks, SubjectRef subject, DateTimeOffset ignoreBefore)
    {
        switch (asks.Test)
        {
            case SubjectTest.InCluster cluster:
                return Key(subject, SubjectKind.Cluster)!.Value.Name == cluster.Cluster;
            case SubjectTest.Named named when Key(subject, asks.Subject ?? subject.Kind) is { } asked:
                return asked.Name.StartsWith(named.Pattern.TrimEnd('*'), StringComparison.Ordinal);
            case SubjectTest.Tagged tagged when Key(subject, asks.Subject ?? subject.Kind) is { } asked:
                return asked.Kind switch
                {
                    SubjectKind.Host => _hosts[asked.Name].Tags.Contains(tagged.Tag),
                    SubjectKind.Vm => _vms[asked.Name].Tags.Contains(tagged.Tag),
                    _ => false,
                };
            case SubjectTest.InState when Key(subject, SubjectKind.Host) is { } host:
                return Known(host, new Fact.Answer(SubjectKind.Host, asks.Test), ignoreBefore) is { } answer ? answer == 1 : null;
            default:
                return null;
        }
    }

    /// <summary>All that a quantity may be; null: it may be anything.</summary>
    private IReadOnlyList<double>? Numbers(Quantity quantity, SubjectRef subject, DateTimeOffset ignoreBefore)
    {
        switch (quantity)
        {
            case Quantity.Constant constant:
                return [constant.Value];
            case Quantity.CountOf count:
                var members = Members(count.Over, subject).Select(m => Judge(count.Inner, m, ignoreBefore)).ToList();
                return Enumerable.Range(members.Count(m => m == true), members.Count(m => m is null) + 1).Select(n => (double)n).ToList();
            default:
                var fact = quantity is Quantity.Read read ? (Fact)new Fact.Attribute(read.Attribute) : Fact.OverTime.Of((Quantity.OverTime)quantity);
                var known = Key(subject, fact.Kind) is { } key ? Known(key, fact, ignoreBefore) : null;
                return known is { } value ? [value] : null;
        }
    }

    private double? Known(SubjectRef subject, Fact fact, DateTimeOffset ignoreBefore) =>
        ValuesOf(subject).TryGetValue(fact, out var reading) && reading.IsKnown && reading.Since >= ignoreBefore ? reading.Value : null;

    private static bool? Compare(double a, ComparisonOperator op, double b) => op switch
    {
        ComparisonOperator.Less => a < b,
        ComparisonOperator.LessOrEqual => a <= b,
        ComparisonOperator.Greater => a > b,
        ComparisonOperator.GreaterOrEqual => a >= b,
        ComparisonOperator.Equal => a == b,
        _ => a != b,
    };

    private Dictionary<Fact, Reading> ValuesOf(SubjectRef subject)
    {
        if (subject.Kind == SubjectKind.Host) return _hosts[subject.Name].Values;
        if (subject.Kind == SubjectKind.Vm) return _vms[subject.Name].Values;
        if (!_clusters.TryGetValue(subject.Name, out var values)) _clusters.Add(subject.Name, values = []);
        return values;
    }

    private void DropEmptyClusters()
    {
        foreach (var cluster in _clusters.Keys.Except(Clusters).ToList()) _clusters.Remove(cluster);
    }
}
