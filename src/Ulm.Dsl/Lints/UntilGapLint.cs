using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>A second mark that is no second mark: `until` holds where the rule fires, or right beside it.</summary>
internal sealed class UntilGapLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        var constants = new ConstantConditions();
        foreach (var rule in site.Rules.Where(r => r.Rule.Until is not null && !constants.IsSpent))
        {
            if (rule.Rule.Trigger is not Trigger.When when || rule.Syntax.Trigger is not WhenSyntax watch)
                continue;
            var until = rule.Sentence.At(rule.Syntax.Modifiers.OfType<UntilSyntax>().First().Condition.Span);
            var gap = OppositeMarks.Between(when.Condition, rule.Rule.Until!, constants);
            if (gap is { Overlaps: true })
                yield return SafetyDiagnostics.UntilWithinCondition(until, gap.Name, rule.Sentence.At(watch.Condition.Span));
            else if (gap is { IsMissing: true })
                yield return SafetyDiagnostics.MissingGap(until, gap.Name, rule.Sentence.At(watch.Condition.Span));
        }
    }
}
