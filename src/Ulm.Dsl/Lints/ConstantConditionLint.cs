using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>A condition, or a part of one, that is false or true whatever is measured. Said of the largest such part only.</summary>
internal sealed class ConstantConditionLint : ISentenceLint
{
    public IEnumerable<Diagnostic> Check(LintedSentence sentence) => SentenceConditions.Of(sentence.Sentence.Syntax).SelectMany(c => Check(c, sentence));

    private static IEnumerable<Diagnostic> Check(ConditionSyntax syntax, LintedSentence sentence)
    {
        // A name that stands for a constant condition is reported where it is defined.
        if (syntax is NamedConditionSyntax)
            return [];
        if (sentence.Definitions.Parts.TryGetValue(syntax, out var condition) && sentence.Constants.ValueOf(condition) is { } value)
        {
            var place = sentence.Sentence.At(syntax.Span);
            return [value ? SafetyDiagnostics.AlwaysTrue(place) : SafetyDiagnostics.NeverTrue(place)];
        }
        return ConditionParts.Of(syntax).SelectMany(part => Check(part, sentence));
    }
}
