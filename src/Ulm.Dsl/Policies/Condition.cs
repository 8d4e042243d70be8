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

/// <summary>A bound condition: names from <c>let</c> are replaced by what they stand for, units are checked.</summary>
public abstract record Condition
{
    private Condition() { }

    public sealed record And(ImmutableArray<Condition> Operands) : Condition;

    public sealed record Or(ImmutableArray<Condition> Operands) : Condition;

    public sealed record Not(Condition Operand) : Condition;

    /// <param name="Text">The comparison as the author would write it, one space between words: <c>host.cpu &gt; 75%</c>.</param>
    public sealed record Comparison(Quantity Left, ComparisonOperator Operator, Quantity Right, string Text) : Condition;
}

/// <summary>One side of a comparison.</summary>
public abstract record Quantity
{
    private Quantity() { }

    public sealed record Read(PolicyAttribute Attribute) : Quantity;

    /// <param name="Value">In the base unit of <paramref name="Unit"/>: bytes, seconds, per cent 0 to 100.</param>
    /// <param name="Text">As written: <c>75%</c>, <c>4GiB</c>.</param>
    public sealed record Constant(double Value, Unit Unit, string Text) : Quantity;
}
