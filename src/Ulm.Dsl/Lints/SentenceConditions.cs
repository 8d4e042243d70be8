using Ulm.Dsl.Binding;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>Every condition as it is written somewhere, for the lints that look at conditions.</summary>
internal static class SentenceConditions
{
    public static IEnumerable<(ParsedSentence Sentence, ConditionSyntax Condition)> Of(BoundSite site)
    {
        foreach (var file in site.Files)
        {
            foreach (var sentence in file.Sentences)
            {
                foreach (var condition in Of(sentence.Syntax))
                    yield return (sentence, condition);
            }
        }
    }

    private static IEnumerable<ConditionSyntax> Of(SentenceSyntax sentence) => sentence switch
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
