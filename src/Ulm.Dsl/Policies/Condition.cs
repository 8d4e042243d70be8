using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

public enum ComparisonOperator
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// <summary>A bound condition: names from <c>let</c> and <c>hosts</c> are replaced by what they stand for, units are checked.</summary>
public abstract record Condition
{
    private Condition() { }

    public sealed record And(ImmutableArray<Condition> Operands) : Condition;

    public sealed record Or(ImmutableArray<Condition> Operands) : Condition;

    public sealed record Not(Condition Operand) : Condition;

    /// <param name="Text">The comparison as the author would write it, one space between words: <c>host.cpu &gt; 75%</c>.</param>
    public sealed record Comparison(Quantity Left, ComparisonOperator Operator, Quantity Right, string Text) : Condition;

    /// <summary>A yes-or-no question about a host, VM or cluster: <c>host is draining</c>, <c>tagged "db"</c>, <c>named "web-*"</c>, <c>in cluster web</c>.</summary>
    /// <param name="Subject">
    /// Whom it is asked of; in a condition over VMs, host means the VM's host. Null: the subject that the condition is evaluated for, as
    /// in a bare <c>tagged "db"</c>.
    /// </param>
    public sealed record Asks(SubjectKind? Subject, SubjectTest Test, string Text) : Condition;

    /// <summary><c>any host (COND)</c>, <c>all hosts (COND)</c>, the same for VMs: of the cluster that the subject is in.</summary>
    /// <param name="Over">Host or VM; <paramref name="Inner"/> is evaluated for each of them.</param>
    public sealed record Quantified(Quantifier Quantifier, SubjectKind Over, Condition Inner, string Text) : Condition;

    /// <summary>A time of day on certain days, by its name from <c>let</c> or as written. True while local time is within it; never unknown.</summary>
    public sealed record Within(TimeWindow Window, string Text) : Condition;
}

public enum Quantifier
{
    /// <summary>True as soon as one is; unknown where none is true and one is unknown.</summary>
    Any,

    /// <summary>False as soon as one is; unknown where none is false and one is unknown. True of none at all.</summary>
    All,
}

/// <summary>What can be asked of a host, VM or cluster with yes or no.</summary>
public abstract record SubjectTest
{
    private SubjectTest() { }

    /// <summary><c>is idle</c> and its like; hosts only.</summary>
    public sealed record InState(HostCondition State) : SubjectTest;

    public sealed record Tagged(string Tag) : SubjectTest;

    /// <param name="Pattern"><c>*</c> stands for any run of characters, <c>?</c> for one; case matters.</param>
    public sealed record Named(string Pattern) : SubjectTest;

    public sealed record InCluster(string Cluster) : SubjectTest;
}

public enum HostCondition
{
    /// <summary>On, no VM, nothing bound for it, for at least five minutes.</summary>
    Idle,

    /// <summary>On, and runs no VM at this instant.</summary>
    Empty,
    On,
    Off,
    Draining,
    InMaintenance,
}

/// <summary>One side of a comparison.</summary>
public abstract record Quantity
{
    private Quantity() { }

    /// <summary>The attribute whose height this tells: as it is read, or its mean, extreme, percentile or forecast. Null: a constant, a count or a slope.</summary>
    public PolicyAttribute? Level => this switch
    {
        Read read => read.Attribute,
        OverTime { Function: not TimeFunction.Rate } over => over.Attribute,
        _ => null,
    };

    public sealed record Read(PolicyAttribute Attribute) : Quantity;

    /// <param name="Value">In the base unit of <paramref name="Unit"/>: bytes, seconds, per cent 0 to 100.</param>
    /// <param name="Text">As written: <c>75%</c>, <c>4GiB</c>.</param>
    public sealed record Constant(double Value, Unit Unit, string Text) : Quantity;

    /// <summary><c>avg( X , 15m )</c> and its like.</summary>
    /// <param name="Unit">That of the attribute; of <c>rate</c>, per second of it (bytes become bytes per second, all others <see cref="Unit.Any"/>).</param>
    public sealed record OverTime(TimeFunction Function, PolicyAttribute Attribute, TimeSpan Window, Unit Unit, string Text) : Quantity;

    /// <summary><c>count of hosts (COND)</c>, <c>count of vms (COND)</c>: in the cluster that the subject is in.</summary>
    public sealed record CountOf(SubjectKind Over, Condition Inner, string Text) : Quantity;
}

public enum TimeFunction
{
    /// <summary>The mean of the samples of the last D.</summary>
    Avg,
    Min,
    Max,

    /// <summary>The value that 95 % of the samples of the last D do not exceed (nearest rank).</summary>
    P95,

    /// <summary>The slope of a straight line through the samples of the last D (least squares), per second.</summary>
    Rate,

    /// <summary>What it will be in D: the same time on earlier days blended with the trend.</summary>
    Forecast,
}
