using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;

namespace Ulm.Dsl.Binding;

/// <summary>Takes what a sentence means from the last compilation where that is known, and keeps it for the next one where nothing was to be said of it.</summary>
internal sealed class MeaningRecall(Definitions definitions, DiagnosticBag bag)
{
    /// <param name="bind">Gives null where the sentence has a fault. What it gives must not depend on where the sentence stands.</param>
    public T? Of<T>(ParsedSentence sentence, Func<T?> bind)
        where T : class
    {
        if (sentence.Known is not { } known)
            return bind();
        if (known.Meaning is { Bound: T recalled, LintCost: not null } meaning)
        {
            foreach (var (name, span) in meaning.Uses)
                definitions.Refer(definitions.Find(name)!, sentence.At(span));
            return recalled;
        }
        var said = bag.Count;
        var bound = bind();
        if (bound is not null && said == bag.Count)
            known.Meaning = new SentenceMeaning(bound, [.. Uses(sentence)]);
        return bound;
    }

    private IEnumerable<DefinitionUse> Uses(ParsedSentence sentence)
    {
        foreach (var token in sentence.Syntax.Tokens)
        {
            if (definitions.ReferenceAt(sentence.At(token.Span)) is { } definition)
                yield return new DefinitionUse(definition.Name, token.Span);
        }
    }
}
