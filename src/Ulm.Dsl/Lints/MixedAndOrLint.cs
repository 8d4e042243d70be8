using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary><c>a or b and c</c>: right by the rules, but few readers are sure of them.</summary>
internal sealed class MixedAndOrLint : ISentenceLint
{
    public IEnumerable<Diagnostic> Check(LintedSentence sentence) =>
        SentenceConditions.Of(sentence.Sentence.Syntax).SelectMany(Ands).Select(and => LintDiagnostics.MixedAndOr(sentence.Sentence.At(and.Span)));

    private static IEnumerable<AndSyntax> Ands(ConditionSyntax condition)
    {
        var mixed = condition is OrSyntax or ? or.Operands.OfType<AndSyntax>() : [];
        return mixed.Concat(ConditionParts.Of(condition).SelectMany(Ands));
    }
}
