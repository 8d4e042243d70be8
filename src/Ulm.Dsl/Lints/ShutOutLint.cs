using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>A guard that is shut wherever the rule's condition holds: each makes sense by itself, and the rule never fires.</summary>
internal sealed class ShutOutLint : ISentenceLint
{
    public IEnumerable<Diagnostic> Check(LintedSentence sentence)
    {
        if (sentence.Rule is not { Rule: { Trigger: Trigger.When when, Guards: var guards }, Syntax: { Trigger: WhenSyntax watch } syntax })
            return [];
        return new[]
        {
            (Open: guards.Where, syntax.Guards.OfType<WhereSyntax>().FirstOrDefault()?.Condition.Span),
            (Open: guards.Unless is { } unless ? new Condition.Not(unless) : null, syntax.Guards.OfType<UnlessSyntax>().FirstOrDefault()?.Condition.Span),
        }.SelectMany(g => g is { Open: { } open, Span: { } span } && IsShut(when.Condition, open, sentence.Constants)
            ? [SafetyDiagnostics.ShutOut(sentence.Sentence.At(span), sentence.Sentence.At(watch.Condition.Span))] : Array.Empty<Diagnostic>());
    }

    // What is constant by itself is said of itself.
    private static bool IsShut(Condition condition, Condition open, ConstantConditions constants) =>
        constants.ValueOf(new Condition.And([condition, open])) == false && constants.ValueOf(condition) is null && constants.ValueOf(open) is null && !constants.IsSpent;
}
