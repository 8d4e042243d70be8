using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>A second mark that is no second mark: `until` holds where the rule fires, or right beside it.</summary>
internal sealed class UntilGapLint : ISentenceLint
{
    public IEnumerable<Diagnostic> Check(LintedSentence sentence)
    {
        if (sentence is not { Rule: { Rule: { Trigger: Trigger.When when, Until: { } until }, Syntax: { Trigger: WhenSyntax watch } syntax }, Constants.IsSpent: false })
            yield break;
        var place = sentence.Sentence.At(syntax.Modifiers.OfType<UntilSyntax>().First().Condition.Span);
        var gap = OppositeMarks.Between(when.Condition, until, sentence.Constants);
        if (gap is { Overlaps: true })
            yield return SafetyDiagnostics.UntilWithinCondition(place, gap.Name, sentence.Sentence.At(watch.Condition.Span));
        else if (gap is { IsMissing: true })
            yield return SafetyDiagnostics.MissingGap(place, gap.Name, sentence.Sentence.At(watch.Condition.Span));
    }
}
