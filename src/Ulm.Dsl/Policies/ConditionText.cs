namespace Ulm.Dsl.Policies;

/// <summary>Bound conditions as a policy writes them: names from <c>let</c> written out, parentheses only where they are needed.</summary>
public static class ConditionText
{
    public static string Of(Condition condition) => condition switch
    {
        Condition.Or or => string.Join(" or ", or.Operands.Select(Of)),
        Condition.And and => string.Join(" and ", and.Operands.Select(o => o is Condition.Or ? $"({Of(o)})" : Of(o))),
        Condition.Not not => $"not {(not.Operand is Condition.Or or Condition.And ? $"({Of(not.Operand)})" : Of(not.Operand))}",
        Condition.Comparison comparison => comparison.Text,
        Condition.Asks asks => asks.Text,
        Condition.Quantified quantified => quantified.Text,
        Condition.Within within => within.Text,
        _ => throw new InvalidOperationException($"No words for {condition.GetType().Name}."),
    };
}
