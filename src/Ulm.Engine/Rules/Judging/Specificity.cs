using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules.Judging;

/// <summary>How many comparisons and questions a condition consists of: the more, the more specific is what it is about.</summary>
internal static class Specificity
{
    public static int Of(Condition condition) => condition switch
    {
        Condition.And and => and.Operands.Sum(Of),
        Condition.Or or => or.Operands.Sum(Of),
        Condition.Not not => Of(not.Operand),
        Condition.Quantified quantified => Of(quantified.Inner),
        _ => 1,
    };
}
