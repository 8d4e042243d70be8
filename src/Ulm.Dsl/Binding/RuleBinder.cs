using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>A rule, and the sentence it comes from.</summary>
internal sealed record BoundRule(Rule Rule, RuleSyntax Syntax, SourceFile File);

/// <summary>From the sentence of a rule to the rule; says everything that is wrong with it, not only the first fault.</summary>
internal sealed class RuleBinder(SourceFile file, Definitions definitions, RuleNames names, Fingerprints fingerprints, DiagnosticBag bag)
{
    /// <summary>Null where the sentence has a fault.</summary>
    public BoundRule? Bind(RuleSyntax syntax)
    {
        var errors = bag.ErrorCount;
        var name = names.Of(file, syntax);
        var trigger = new TriggerBinder(file, definitions, bag).Bind(syntax.Trigger);
        var guards = new GuardBinder(file, definitions, bag).Bind(syntax, trigger);
        var actions = syntax.Actions.Select(new ActionBinder(file, definitions, bag, syntax.Trigger, trigger).Bind).ToList();
        var modifiers = new ModifierBinder(file, definitions, bag).Bind(syntax, trigger);
        if (errors != bag.ErrorCount || names.IsRefused(syntax) || trigger is null || actions.Any(a => a is null))
            return null;
        var rule = new Rule(
            name, fingerprints.Of(syntax, file), file.Location(syntax.Span.Start), trigger, [.. actions.Select(a => a!)], modifiers.Until, modifiers.Cooldown)
        {
            Guards = guards,
            CooldownPer = modifiers.CooldownPer,
            Budgets = modifiers.Budgets,
            Priority = modifiers.Priority,
            Mode = modifiers.Mode,
            Because = modifiers.Because,
        };
        return new BoundRule(rule, syntax, file);
    }
}
