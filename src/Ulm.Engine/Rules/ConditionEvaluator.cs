using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules;

/// <summary>
/// Asks a condition about one host, VM or cluster, straight from the facts of an instant: for conditions that stand within actions,
/// guards and constraints and are asked now and then. Rules are evaluated by <see cref="RuleNetwork"/>.
/// </summary>
public sealed class ConditionEvaluator(SiteFacts facts)
{
    /// <param name="subject">What it is about; of a VM its host and cluster are read too, of a host its cluster.</param>
    public Truth Evaluate(Condition condition, SubjectRef subject) => condition switch
    {
        Condition.And and => and.Operands.Aggregate(Truth.True, (all, o) => TruthLogic.And(all, Evaluate(o, subject))),
        Condition.Or or => or.Operands.Aggregate(Truth.False, (any, o) => TruthLogic.Or(any, Evaluate(o, subject))),
        Condition.Not not => TruthLogic.Not(Evaluate(not.Operand, subject)),
        Condition.Comparison comparison => Compare(comparison, subject),
        Condition.Asks asks => Ask(asks, subject),
        Condition.Quantified { Quantifier: Quantifier.Any } any => Over(any.Over, subject).Aggregate(Truth.False, (t, s) => TruthLogic.Or(t, Evaluate(any.Inner, s))),
        Condition.Quantified all => Over(all.Over, subject).Aggregate(Truth.True, (t, s) => TruthLogic.And(t, Evaluate(all.Inner, s))),
        Condition.Within within => Of(within.Window.Contains(TimeZoneInfo.ConvertTime(facts.At, facts.Zone).DateTime)),
        _ => throw new InvalidOperationException($"condition {condition.GetType().Name} has no meaning in the engine"),
    };

    private Truth Compare(Condition.Comparison comparison, SubjectRef subject)
    {
        var (a, b) = (Value(comparison.Left, subject), Value(comparison.Right, subject));
        if (double.IsNaN(a) || double.IsNaN(b)) return Truth.Unknown;
        return Of(comparison.Operator switch
        {
            ComparisonOperator.Less => a < b,
            ComparisonOperator.LessOrEqual => a <= b,
            ComparisonOperator.Greater => a > b,
            ComparisonOperator.GreaterOrEqual => a >= b,
            ComparisonOperator.Equal => a == b,
            _ => a != b,
        });
    }

    /// <summary>NaN: unknown.</summary>
    private double Value(Quantity quantity, SubjectRef subject)
    {
        switch (quantity)
        {
            case Quantity.Constant constant:
                return constant.Value;
            case Quantity.Read read:
                return Read(subject, new Fact.Attribute(read.Attribute));
            case Quantity.OverTime overTime:
                return Read(subject, Fact.OverTime.Of(overTime));
            case Quantity.CountOf count:
                var verdicts = Over(count.Over, subject).Select(s => Evaluate(count.Inner, s)).ToList();
                return verdicts.Contains(Truth.Unknown) ? double.NaN : verdicts.Count(v => v == Truth.True);
            default:
                throw new InvalidOperationException($"quantity {quantity.GetType().Name} has no meaning in the engine");
        }
    }

    private double Read(SubjectRef subject, Fact fact) => As(fact.Kind, subject) is { } whose ? facts.Read(whose, fact).Value : double.NaN;

    private Truth Ask(Condition.Asks asks, SubjectRef subject)
    {
        var kind = asks.Subject ?? (asks.Test is SubjectTest.InState ? SubjectKind.Host : subject.Kind);
        return As(kind, subject) is { } whose && facts.Read(whose, new Fact.Answer(kind, asks.Test)) is { IsKnown: true } answer ? Of(answer.Value == 1) : Truth.Unknown;
    }

    /// <summary>All of a kind in the cluster that the subject is in.</summary>
    private IEnumerable<SubjectRef> Over(SubjectKind kind, SubjectRef subject)
    {
        if (As(SubjectKind.Cluster, subject) is not { } cluster) return [];
        var hosts = facts.Site.Hosts.Where(h => h.Cluster == cluster.Name);
        return kind == SubjectKind.Host ? hosts.Select(h => h.Ref) : hosts.SelectMany(h => facts.Site.VmsOn(h.Name)).Select(v => v.Ref);
    }

    /// <summary>The subject, or the coarser one it stands in; null: a coarser one has no finer.</summary>
    private SubjectRef? As(SubjectKind kind, SubjectRef subject)
    {
        if (subject.Kind == kind) return subject;
        var host = subject.Kind == SubjectKind.Vm ? facts.Site.FindVm(subject.Name)?.Host : subject.Kind == SubjectKind.Host ? subject.Name : null;
        if (host is null) return null;
        if (kind == SubjectKind.Host) return SubjectRef.Host(host);
        return kind == SubjectKind.Cluster && facts.Site.FindHost(host) is { } found ? SubjectRef.Cluster(found.Cluster) : null;
    }

    private static Truth Of(bool holds) => holds ? Truth.True : Truth.False;
}
