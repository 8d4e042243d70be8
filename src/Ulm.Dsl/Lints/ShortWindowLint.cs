using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>A function over a time in which there is one measurement at most: its mean is that measurement, and it has no slope.</summary>
internal sealed class ShortWindowLint : ISentenceLint
{
    private const int LeastPolls = 2;

    public IEnumerable<Diagnostic> Check(LintedSentence sentence) => SentenceConditions.Of(sentence.Sentence.Syntax).SelectMany(c => Check(c, sentence));

    private static IEnumerable<Diagnostic> Check(ConditionSyntax syntax, LintedSentence sentence)
    {
        var found = syntax is ComparisonSyntax written && sentence.Definitions.Parts.TryGetValue(syntax, out var bound) && bound is Condition.Comparison comparison
            ? new[] { (written.Left, comparison.Left), (written.Right, comparison.Right) }.SelectMany(s => Check(s.Item1, s.Item2, sentence))
            : [];
        return found.Concat(ConditionParts.Of(syntax).SelectMany(part => Check(part, sentence)));
    }

    private static IEnumerable<Diagnostic> Check(OperandSyntax syntax, Quantity quantity, LintedSentence sentence) =>
        syntax is OverTimeSyntax written && quantity is Quantity.OverTime { Function: not TimeFunction.Forecast } over && over.Window < LeastPolls * sentence.PollingInterval
            ? [LintDiagnostics.ShortWindow(sentence.Sentence.At(written.Window.Span), sentence.PollingInterval, over.Function == TimeFunction.Rate)] : [];
}
