using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules;

/// <summary>What lies between two numbers, both included: a count of which some members are not known; else twice the same number.</summary>
internal readonly record struct NumberRange(double Low, double High)
{
    public static NumberRange Of(double value) => new(value, value);
}

internal static class Comparing
{
    public static bool Holds(double a, ComparisonOperator op, double b) => op switch
    {
        ComparisonOperator.Less => a < b,
        ComparisonOperator.LessOrEqual => a <= b,
        ComparisonOperator.Greater => a > b,
        ComparisonOperator.GreaterOrEqual => a >= b,
        ComparisonOperator.Equal => a == b,
        _ => a != b,
    };

    /// <summary>Known as soon as it comes out the same whatever the numbers are.</summary>
    public static Truth Judge(NumberRange a, ComparisonOperator op, NumberRange b) => op switch
    {
        ComparisonOperator.Less => Of(a.High < b.Low, a.Low >= b.High),
        ComparisonOperator.LessOrEqual => Of(a.High <= b.Low, a.Low > b.High),
        ComparisonOperator.Greater => Of(a.Low > b.High, a.High <= b.Low),
        ComparisonOperator.GreaterOrEqual => Of(a.Low >= b.High, a.High < b.Low),
        ComparisonOperator.Equal => Of(a.Low == a.High && a == b, a.High < b.Low || a.Low > b.High),
        _ => TruthLogic.Not(Judge(a, ComparisonOperator.Equal, b)),
    };

    /// <summary>What holds where this does not.</summary>
    public static ComparisonOperator Opposite(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Less => ComparisonOperator.GreaterOrEqual,
        ComparisonOperator.LessOrEqual => ComparisonOperator.Greater,
        ComparisonOperator.Greater => ComparisonOperator.LessOrEqual,
        ComparisonOperator.GreaterOrEqual => ComparisonOperator.Less,
        ComparisonOperator.Equal => ComparisonOperator.NotEqual,
        _ => ComparisonOperator.Equal,
    };

    /// <summary>The same with its sides exchanged.</summary>
    public static ComparisonOperator Mirrored(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Less => ComparisonOperator.Greater,
        ComparisonOperator.LessOrEqual => ComparisonOperator.GreaterOrEqual,
        ComparisonOperator.Greater => ComparisonOperator.Less,
        ComparisonOperator.GreaterOrEqual => ComparisonOperator.LessOrEqual,
        _ => op,
    };

    private static Truth Of(bool surely, bool surelyNot) => surely ? Truth.True : surelyNot ? Truth.False : Truth.Unknown;
}
