using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary><c>a or b and c</c>: right by the rules, but few readers are sure of them.</summary>
internal sealed class MixedAndOrLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site) =>
        SentenceConditions.Of(site).SelectMany(c => Ands(c.Condition).Select(and => LintDiagnostics.MixedAndOr(c.Sentence.At(and.Span))));

    private static IEnumerable<AndSyntax> Ands(ConditionSyntax condition)
    {
        var mixed = condition is OrSyntax or ? or.Operands.OfType<AndSyntax>() : [];
        return mixed.Concat(ConditionParts.Of(condition).SelectMany(Ands));
    }
}
