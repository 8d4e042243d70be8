using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules.Judging;

/// <summary>
/// Judges a condition for one subject part by part, from the facts of an instant: for explanations, and for conditions that stand within
/// actions and constraints and are asked now and then. Rules are judged by <see cref="RuleNetwork"/>, which must say the same.
/// </summary>
public sealed class ConditionJudge(IFactSource facts)
{
    /// <summary>Of the members of a cluster so many are named.</summary>
    private const int MembersTold = 3;

    public Finding Judge(Condition condition, SubjectRef subject) => condition switch
    {
        Condition.And and => new Finding.All([.. and.Operands.Select(o => Judge(o, subject))]),
        Condition.Or or => new Finding.AnyOf([.. or.Operands.Select(o => Judge(o, subject))]),
        Condition.Not not => new Finding.Not(Judge(not.Operand, subject)),
        Condition.Comparison comparison => Compare(comparison, subject),
        Condition.Asks asks => Ask(asks, subject),
        Condition.Quantified quantified => Quantify(quantified, subject),
        Condition.Within within => new Finding.TimeOfDay(within, facts.LocalTime),
        _ => throw new InvalidOperationException($"condition {condition.GetType().Name} has no meaning in the engine"),
    };

    private Finding.Comparison Compare(Condition.Comparison comparison, SubjectRef subject)
    {
        var (left, right) = (Find(comparison.Left, subject), Find(comparison.Right, subject));
        var verdict = Range(left) is { } a && Range(right) is { } b ? Comparing.Judge(a, comparison.Operator, b) : Truth.Unknown;
        return new Finding.Comparison(comparison, left, right, verdict);
    }

    private FoundQuantity Find(Quantity quantity, SubjectRef subject)
    {
        switch (quantity)
        {
            case Quantity.Constant:
                return new FoundQuantity(quantity, null, null, null);
            case Quantity.Read read:
                return Read(quantity, new Fact.Attribute(read.Attribute), subject);
            case Quantity.OverTime over:
                return Read(quantity, Fact.OverTime.Of(over), subject);
            case Quantity.CountOf count:
                var cluster = facts.KeyOf(subject, SubjectKind.Cluster);
                return new FoundQuantity(quantity, cluster, null, cluster is null ? null : Members(cluster.Value.Name, count.Over, count.Inner, Truth.True));
            default:
                throw new InvalidOperationException($"quantity {quantity.GetType().Name} has no meaning in the engine");
        }
    }

    private FoundQuantity Read(Quantity quantity, Fact fact, SubjectRef subject)
    {
        var key = facts.KeyOf(subject, fact.Kind);
        return new FoundQuantity(quantity, key, key is { } of ? facts.Read(of, fact) : Nobody(subject, fact.Kind), null);
    }

    private static NumberRange? Range(FoundQuantity found) => found switch
    {
        { Source: Quantity.Constant constant } => NumberRange.Of(constant.Value),
        { Reading: { IsKnown: true } reading } => NumberRange.Of(reading.Value),
        { Counted: { } members } => new NumberRange(members.True, members.True + members.Unknown),
        _ => null,
    };

    private Finding.Answer Ask(Condition.Asks asks, SubjectRef subject)
    {
        var fact = Network.ConditionCompiler.Asked(asks, subject.Kind);
        var key = facts.KeyOf(subject, fact.Kind);
        return new Finding.Answer(asks, key, key is { } of ? facts.Read(of, fact) : Nobody(subject, fact.Kind));
    }

    private Finding.Members Quantify(Condition.Quantified quantified, SubjectRef subject)
    {
        if (facts.KeyOf(subject, SubjectKind.Cluster) is not { } cluster)
            return new Finding.Members(quantified, null, new FoundMembers(0, 0, 0, []), Truth.Unknown);
        var found = Members(cluster.Name, quantified.Over, quantified.Inner, quantified.Quantifier == Quantifier.Any ? Truth.True : Truth.False);
        var tally = new Network.Tally(found.True, found.Unknown, found.Total);
        return new Finding.Members(quantified, cluster.Name, found, tally.Of(quantified.Quantifier));
    }

    /// <param name="telling">Members for which it comes out so are named first, then those of which it is not known.</param>
    private FoundMembers Members(string cluster, SubjectKind over, Condition inner, Truth telling)
    {
        var found = facts.MembersOf(cluster, over).Select(m => (Member: m, Finding: Judge(inner, m))).ToList();
        var told = found.Where(f => f.Finding.Verdict == telling).Concat(found.Where(f => f.Finding.Verdict == Truth.Unknown && telling != Truth.Unknown)).Take(MembersTold);
        return new FoundMembers(
            found.Count(f => f.Finding.Verdict == Truth.True), found.Count(f => f.Finding.Verdict == Truth.Unknown), found.Count, told.ToImmutableArray());
    }

    private static Reading Nobody(SubjectRef subject, SubjectKind kind) => Reading.Unknown($"{subject} is no {kind.ToString().ToLowerInvariant()} and in none");
}
