namespace Ulm.Dsl.Syntax;

/// <summary>The conditions that stand within one.</summary>
public static class ConditionParts
{
    /// <summary>Those right within it, in the order of the text.</summary>
    public static IEnumerable<ConditionSyntax> Of(ConditionSyntax condition) => condition switch
    {
        OrSyntax or => or.Operands,
        AndSyntax and => and.Operands,
        NotSyntax not => [not.Operand],
        ParenthesisedSyntax parenthesised => [parenthesised.Inner],
        QuantifiedSyntax quantified => [quantified.Inner],
        ComparisonSyntax comparison => new[] { comparison.Left, comparison.Right }.OfType<CountOfSyntax>().Select(c => c.Inner),
        _ => [],
    };
}
