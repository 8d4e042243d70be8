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
    private readonly QuantityReader _quantities = new(file, bag);

    /// <summary>Null where the sentence has a fault.</summary>
    public BoundRule? Bind(RuleSyntax syntax)
    {
        var errors = bag.ErrorCount;
        var name = names.Of(file, syntax);
        var trigger = new TriggerBinder(file, definitions, bag).Bind(syntax.Trigger);
        var guards = new GuardBinder(file, definitions, bag).Bind(syntax, trigger);
        var condition = (trigger as Trigger.When)?.Condition;
        var actions = syntax.Actions.Select(a => Action(a, syntax, condition)).ToList();
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

    private PolicyAction? Action(ActionSyntax syntax, RuleSyntax rule, Condition? condition)
    {
        switch (syntax)
        {
            case EvacuateSyntax evacuate:
                if (rule.Trigger is not WhenSyntax)
                    bag.Add(RuleDiagnostics.EvacuateWithoutWhen(file.At(evacuate.Span), file.At(rule.Trigger.Span)));
                return new PolicyAction.Evacuate(evacuate.Fitting, evacuate.By ?? ConditionReads.Resource(condition));
            case BalanceSyntax balance:
                var tolerance = balance.Within is null ? 10 : _quantities.Percent(balance.Within);
                return tolerance is null ? null : new PolicyAction.Balance(balance.By ?? ConditionReads.Resource(condition), tolerance.Value);
            case ConsolidateSyntax:
                return new PolicyAction.Consolidate();
            case PowerOffSyntax off:
                var spare = off.Spare is null ? 0 : _quantities.Count(off.Spare, least: 0);
                return spare is null ? null : new PolicyAction.PowerOffIdle(spare.Value);
            case PowerOnSyntax on:
                return _quantities.Count(on.Count, least: 1) is { } count ? new PolicyAction.PowerOn(count) : null;
            default:
                throw new InvalidOperationException($"No binding for {syntax.GetType().Name}.");
        }
    }
}
