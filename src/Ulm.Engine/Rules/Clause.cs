using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Rules;

/// <summary>One comparison of a rule as it stood at one instant: what was read and how it came out.</summary>
public sealed record Clause(Condition.Comparison Comparison, Reading? Left, Reading? Right, Truth Verdict)
{
    /// <summary><c>host.cpu = 81% &gt; 75%</c>, or <c>host.cpu &gt; 75%: host.cpu is unknown (last measured 40s ago, ...)</c>.</summary>
    public override string ToString()
    {
        foreach (var (side, reading) in new[] { (Comparison.Left, Left), (Comparison.Right, Right) })
        {
            if (side is Quantity.Read read && reading is { IsKnown: false } unknown)
                return $"{Comparison.Text}: {read.Attribute.Name} is unknown ({unknown.UnknownBecause})";
        }

        return $"{Side(Comparison.Left, Left)} {Sign(Comparison.Operator)} {Side(Comparison.Right, Right)}{(Verdict == Truth.False ? " is false" : "")}";
    }

    private static string Side(Quantity quantity, Reading? reading) => quantity switch
    {
        Quantity.Read read => $"{read.Attribute.Name} = {Show.Value(reading!.Value.Value, read.Attribute.Unit)}",
        Quantity.Constant constant => constant.Text,
        _ => "?",
    };

    private static string Sign(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        ComparisonOperator.GreaterOrEqual => ">=",
        ComparisonOperator.Equal => "=",
        _ => "!=",
    };
}
