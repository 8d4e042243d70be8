using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>A rule, and the sentence it comes from.</summary>
internal sealed record BoundRule(Rule Rule, RuleSyntax Syntax, ParsedSentence Sentence);

/// <summary>From the sentence of a rule to the rule; says everything that is wrong with it, not only the first fault.</summary>
internal sealed class RuleBinder(Definitions definitions, RuleNames names, MeaningRecall meanings, DiagnosticBag bag)
{
    private static readonly SourceLocation Nowhere = new("", 0, 0);

    private readonly Fingerprints _fingerprints = new(definitions);

    /// <summary>Null where the sentence has a fault.</summary>
    public BoundRule? Bind(ParsedSentence sentence, RuleSyntax syntax)
    {
        var errors = bag.ErrorCount;
        var name = names.Of(sentence, syntax);
        var rule = meanings.Of(sentence, () => Meaning(sentence, syntax));
        if (rule is not null && errors == bag.ErrorCount && !names.IsRefused(sentence, syntax))
            return new BoundRule(rule with { Name = name, Location = sentence.Location(syntax.Span) }, syntax, sentence);
        // The lints won't see the rule, so that nobody knows whether they have something to say about it.
        sentence.Known?.Meaning = null;
        return null;
    }

    /// <summary>The rule without its name and place.</summary>
    private Rule? Meaning(ParsedSentence sentence, RuleSyntax syntax)
    {
        var errors = bag.ErrorCount;
        var trigger = new TriggerBinder(sentence, definitions, bag).Bind(syntax.Trigger);
        var guards = new GuardBinder(sentence, definitions, bag).Bind(syntax, trigger);
        var actions = syntax.Actions.Select(new ActionBinder(sentence, definitions, bag, syntax.Trigger, trigger).Bind).ToList();
        var modifiers = new ModifierBinder(sentence, definitions, bag).Bind(syntax, trigger);
        if (errors != bag.ErrorCount || trigger is null || actions.Any(a => a is null))
            return null;
        return new Rule("", _fingerprints.Of(sentence), Nowhere, trigger, [.. actions.Select(a => a!)], modifiers.Until, modifiers.Cooldown)
        {
            Guards = guards,
            CooldownPer = modifiers.CooldownPer,
            Budgets = modifiers.Budgets,
            Priority = modifiers.Priority,
            Mode = modifiers.Mode,
            Because = modifiers.Because,
        };
    }
}
