using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
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
        var trigger = Trigger(syntax.Trigger);
        var condition = (trigger as Trigger.When)?.Condition;
        var actions = syntax.Actions.Select(a => Action(a, syntax, condition)).ToList();
        var (until, cooldown) = Modifiers(syntax, condition);
        if (errors != bag.ErrorCount || names.IsRefused(syntax) || trigger is null || actions.Any(a => a is null))
            return null;
        var rule = new Rule(name, fingerprints.Of(syntax), file.Location(syntax.Span.Start), trigger, [.. actions.Select(a => a!)], until, cooldown);
        return new BoundRule(rule, syntax, file);
    }

    private Trigger? Trigger(TriggerSyntax syntax)
    {
        switch (syntax)
        {
            case WhenSyntax watch:
                var condition = new ConditionBinder(file, definitions, bag).Bind(watch.Condition).Condition;
                TimeSpan? hold = watch.For is not { } duration ? TimeSpan.Zero : _quantities.Duration(duration, "leave `for` out if the rule is to fire at once");
                return condition is null || hold is null ? null : new Trigger.When(condition, ConditionReads.Subject(condition), hold.Value);
            case AtSyntax at:
                return new ScheduleBinder(file, bag).Bind(at);
            case EverySyntax every:
                var period = _quantities.Duration(every.Period, "write a period such as `every 10m`");
                if (period > TimeSpan.FromDays(1))
                    bag.Add(ScheduleDiagnostics.PeriodOverADay(file.At(every.Period.Span)));
                return period is null ? null : new Trigger.Every(period.Value);
            default:
                throw new InvalidOperationException($"No binding for {syntax.GetType().Name}.");
        }
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

    private (Condition? Until, TimeSpan? Cooldown) Modifiers(RuleSyntax rule, Condition? condition)
    {
        Condition? until = null;
        TimeSpan? cooldown = null;
        var first = new Dictionary<Type, ModifierSyntax>();
        foreach (var modifier in rule.Modifiers)
        {
            if (!first.TryAdd(modifier.GetType(), modifier))
            {
                var keyword = modifier is UntilSyntax ? Vocabulary.Until : Vocabulary.Cooldown;
                bag.Add(RuleDiagnostics.RepeatedModifier(file.At(modifier.Span), keyword, file.At(first[modifier.GetType()].Span)));
            }
            if (modifier is UntilSyntax end)
                until = Until(end, rule, condition);
            else if (modifier is CooldownSyntax pause)
                cooldown = _quantities.Duration(pause.Duration, "leave `cooldown` out if there is to be none");
        }
        return (until, cooldown);
    }

    private Condition? Until(UntilSyntax syntax, RuleSyntax rule, Condition? condition)
    {
        var until = new ConditionBinder(file, definitions, bag).Bind(syntax.Condition).Condition;
        if (rule.Trigger is not WhenSyntax when)
            bag.Add(RuleDiagnostics.UntilWithoutWhen(file.At(syntax.Span), file.At(rule.Trigger.Span)));
        else if (until is not null && condition is not null
            && ConditionReads.Subject(until) == SubjectKind.Vm && ConditionReads.Subject(condition) == SubjectKind.Host)
            bag.Add(RuleDiagnostics.UntilReadsOtherSubject(file.At(syntax.Condition.Span), file.At(when.Condition.Span)));
        return until;
    }
}
