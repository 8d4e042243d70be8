using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>A condition, or a part of one, that is false or true whatever is measured. Said of the largest such part only.</summary>
internal sealed class ConstantConditionLint : IPolicyLint
{
    public IEnumerable<Diagnostic> Check(BoundSite site)
    {
        var constants = new ConstantConditions();
        return SentenceConditions.Of(site).SelectMany(c => Check(c.Condition, c.Sentence, site.Definitions.Parts, constants));
    }

    private static IEnumerable<Diagnostic> Check(
        ConditionSyntax syntax, ParsedSentence sentence, Dictionary<ConditionSyntax, Condition> parts, ConstantConditions constants)
    {
        // A name that stands for a constant condition is reported where it is defined.
        if (syntax is NamedConditionSyntax)
            return [];
        if (parts.TryGetValue(syntax, out var condition) && constants.ValueOf(condition) is { } value)
            return [value ? SafetyDiagnostics.AlwaysTrue(sentence.At(syntax.Span)) : SafetyDiagnostics.NeverTrue(sentence.At(syntax.Span))];
        return ConditionParts.Of(syntax).SelectMany(part => Check(part, sentence, parts, constants));
    }
}
