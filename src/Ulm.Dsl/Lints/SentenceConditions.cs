using Ulm.Dsl.Binding;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Lints;

/// <summary>Every condition as it is written somewhere, for the lints that look at conditions.</summary>
internal static class SentenceConditions
{
    public static IEnumerable<(SourceFile File, ConditionSyntax Condition)> Of(BoundSite site)
    {
        foreach (var file in site.Files)
        {
            foreach (var sentence in file.Sentences)
            {
                if (sentence is LetSyntax let)
                    yield return (file.File, let.Condition);
                if (sentence is not RuleSyntax rule)
                    continue;
                if (rule.Trigger is WhenSyntax when)
                    yield return (file.File, when.Condition);
                foreach (var until in rule.Modifiers.OfType<UntilSyntax>())
                    yield return (file.File, until.Condition);
            }
        }
    }
}
