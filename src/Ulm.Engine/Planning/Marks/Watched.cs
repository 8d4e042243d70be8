using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Rules;

namespace Ulm.Engine.Planning.Marks;

/// <summary>A condition over hosts as planners need it: negations pushed down to its comparisons, and told apart what a move to a host changes from what it does not.</summary>
internal abstract record Watched
{
    private Watched() { }

    public sealed record All(ImmutableArray<Watched> Parts) : Watched;

    public sealed record Any(ImmutableArray<Watched> Parts) : Watched;

    /// <summary>A comparison that a move to a host changes.</summary>
    /// <param name="Attribute">The side that changes; the other is <paramref name="Other"/>.</param>
    /// <param name="Text">As the author wrote it.</param>
    public sealed record Mark(PolicyAttribute Attribute, ComparisonOperator Operator, Quantity Other, string Text) : Watched
    {
        /// <summary>A VM that comes brings it nearer to being true; else it leads away from it.</summary>
        public bool IsNeared => Operator is ComparisonOperator.Greater or ComparisonOperator.GreaterOrEqual == HostOutlook.DirectionOf(Attribute) > 0;
    }

    /// <summary>What is asked of a host and stays as it is: its tags, its name, its cluster.</summary>
    public sealed record Lasting(Condition.Asks Asks, bool Wanted) : Watched;

    /// <summary>Whatever else: it changes by itself, or nobody knows what a move does to it.</summary>
    /// <param name="About">Whom it is asked of: hosts, or VMs of theirs.</param>
    public sealed record Open(Condition Condition, bool Wanted, SubjectKind About) : Watched;

    /// <summary>When a rule fires for a host, its guards included. Of a rule that does not watch: nothing is known.</summary>
    public static Watched Of(Rule rule)
    {
        if (rule.Trigger is not Trigger.When when) return new All([]);
        // Of a rule about VMs, a bare question is asked of the VM.
        var about = when.Subject;
        var parts = ImmutableArray.Create(Of(when.Condition, negated: false, about));
        if (rule.Guards.Where is { } where) parts = parts.Add(Of(where, negated: false, about));
        if (rule.Guards.Unless is { } unless) parts = parts.Add(Of(unless, negated: true, about));
        return new All(parts);
    }

    /// <summary>Every comparison in it.</summary>
    public IEnumerable<Mark> Marks => this switch
    {
        All all => all.Parts.SelectMany(p => p.Marks),
        Any any => any.Parts.SelectMany(p => p.Marks),
        Mark mark => [mark],
        _ => [],
    };

    /// <summary>Those each of which makes it true alone, as far as moves have a say in it.</summary>
    public IEnumerable<Mark> Sufficient => this switch
    {
        All all => all.Parts.Where(p => p is not Open).ToList() is [var only] ? only.Sufficient : [],
        Any any => any.Parts.SelectMany(p => p.Sufficient),
        Mark mark => [mark],
        _ => [],
    };

    private static Watched Of(Condition condition, bool negated, SubjectKind about) => condition switch
    {
        Condition.Not not => Of(not.Operand, !negated, about),
        Condition.And and => Joined(and, and.Operands, negated, about, all: !negated),
        Condition.Or or => Joined(or, or.Operands, negated, about, all: negated),
        Condition.Comparison comparison => Of(comparison, negated, about),
        // One such host is enough for the rule.
        Condition.Quantified { Over: SubjectKind.Host } over when over.Quantifier == (negated ? Quantifier.All : Quantifier.Any) => Of(over.Inner, negated, SubjectKind.Host),
        Condition.Asks { Test: SubjectTest.Tagged or SubjectTest.Named or SubjectTest.InCluster } asks when (asks.Subject ?? about) is SubjectKind.Host => new Lasting(asks, !negated),
        _ => new Open(condition, !negated, about),
    };

    private static Watched Joined(Condition condition, ImmutableArray<Condition> operands, bool negated, SubjectKind about, bool all)
    {
        ImmutableArray<Watched> parts = [.. operands.Select(o => Of(o, negated, about))];
        return parts.All(p => p is Open) ? new Open(condition, !negated, about) : all ? new All(parts) : new Any(parts);
    }

    private static Watched Of(Condition.Comparison comparison, bool negated, SubjectKind about)
    {
        var op = negated ? Comparing.Opposite(comparison.Operator) : comparison.Operator;
        var text = negated ? $"not {comparison.Text}" : comparison.Text;
        var (left, right) = (HostOutlook.DirectionOf(comparison.Left.Level), HostOutlook.DirectionOf(comparison.Right.Level));
        // What a move does to two sides at once, or to whether they are equal, leads nowhere.
        if (op is ComparisonOperator.Equal or ComparisonOperator.NotEqual || left != 0 == (right != 0)) return new Open(comparison, !negated, about);
        return left != 0 ? new Mark(comparison.Left.Level!, op, comparison.Right, text) : new Mark(comparison.Right.Level!, Comparing.Mirrored(op), comparison.Left, text);
    }
}
