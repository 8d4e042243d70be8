using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>Every condition as it is written in a sentence, for the lints that look at conditions.</summary>
internal static class SentenceConditions
{
    public static IEnumerable<ConditionSyntax> Of(SentenceSyntax sentence) => sentence switch
    {
        LetSyntax let => [let.Condition],
        HostGroupSyntax group => [group.Condition],
        RuleSyntax rule => new[] { (rule.Trigger as WhenSyntax)?.Condition }
            .Concat(rule.Guards.Select(Of))
            .Concat(rule.Actions.Select(a => a.Condition))
            .Concat(rule.Modifiers.Select(m => (m as UntilSyntax)?.Condition))
            .OfType<ConditionSyntax>(),
        _ => [],
    };

    private static ConditionSyntax? Of(GuardSyntax guard) => guard switch
    {
        WhereSyntax where => where.Condition,
        UnlessSyntax unless => unless.Condition,
        _ => null,
    };
}
