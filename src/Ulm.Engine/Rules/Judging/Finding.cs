using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules.Judging;

/// <summary>A condition as it stood at one instant, part by part: what was read and how it came out.</summary>
public abstract record Finding(Truth Verdict)
{
    /// <summary>For people. Of a part that holds a statement (<c>host.cpu = 81% &gt; 75%</c>), else one that says so.</summary>
    public abstract override string ToString();

    public sealed record All(ImmutableArray<Finding> Parts) : Finding(Parts.Aggregate(Truth.True, (v, p) => TruthLogic.And(v, p.Verdict)))
    {
        public override string ToString() => string.Join(" and ", Parts.Select(p => p is AnyOf ? $"({p})" : p.ToString()));
    }

    public sealed record AnyOf(ImmutableArray<Finding> Parts) : Finding(Parts.Aggregate(Truth.False, (v, p) => TruthLogic.Or(v, p.Verdict)))
    {
        public override string ToString() => string.Join(" or ", Parts);
    }

    public sealed record Not(Finding Part) : Finding(TruthLogic.Not(Part.Verdict))
    {
        public override string ToString() => $"not ({Part})";
    }

    public sealed record Comparison(Condition.Comparison Source, FoundQuantity Left, FoundQuantity Right, Truth Verdict) : Finding(Verdict)
    {
        public override string ToString() => FindingText.Of(this);
    }

    /// <param name="Asked">Null: there is nobody to ask, such as a host in a condition over clusters.</param>
    public sealed record Answer(Condition.Asks Source, SubjectRef? Asked, Reading Reading) : Finding(
        !Reading.IsKnown ? Truth.Unknown : Reading.Value == 1 ? Truth.True : Truth.False)
    {
        public override string ToString() => FindingText.Of(this);
    }

    /// <summary>A condition that ranges over the hosts or VMs of a cluster.</summary>
    public sealed record Members(Condition.Quantified Source, string? Cluster, FoundMembers Found, Truth Verdict) : Finding(Verdict)
    {
        public override string ToString() => FindingText.Of(this);
    }

    public sealed record TimeOfDay(Condition.Within Source, DateTime Local) : Finding(Source.Window.Contains(Local) ? Truth.True : Truth.False)
    {
        public override string ToString() => FindingText.Of(this);
    }

    /// <summary>The parts that are no combination of others, in the order written.</summary>
    public IEnumerable<Finding> Leaves => this switch
    {
        All all => all.Parts.SelectMany(p => p.Leaves),
        AnyOf any => any.Parts.SelectMany(p => p.Leaves),
        Not not => not.Part.Leaves,
        _ => [this],
    };
}

/// <summary>One side of a comparison as it stood.</summary>
/// <param name="Of">Whose value it is; null of a constant, and where there is nobody of that kind.</param>
/// <param name="Reading">Null of a constant and of a count.</param>
/// <param name="Counted">Of a count; null of all else.</param>
public sealed record FoundQuantity(Quantity Source, SubjectRef? Of, Reading? Reading, FoundMembers? Counted)
{
    /// <summary>Of a count, as many as are known. NaN: not known.</summary>
    public double Value => this switch
    {
        { Source: Quantity.Constant constant } => constant.Value,
        { Counted: { } counted } => counted.True,
        _ => Reading?.Value ?? double.NaN,
    };
}

/// <summary>How a condition stood with the members of a cluster.</summary>
/// <param name="True">For how many it was true.</param>
/// <param name="Unknown">For how many it was not known.</param>
/// <param name="Telling">A few members with what was found of them, those first that made the difference.</param>
public sealed record FoundMembers(int True, int Unknown, int Total, ImmutableArray<(SubjectRef Member, Finding Finding)> Telling);
