using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>What stands behind the actions of a rule.</summary>
internal sealed record RuleModifiers
{
    public Condition? Until { get; init; }

    public TimeSpan? Cooldown { get; init; }

    public SubjectKind? CooldownPer { get; init; }

    public ImmutableArray<RuleBudget> Budgets { get; init; } = [];

    public int Priority { get; init; }

    public RuleMode Mode { get; init; } = RuleMode.Enforce;

    public string? Because { get; init; }
}

/// <summary>Binds them. What has a fault is left out; the fault is reported.</summary>
internal sealed class ModifierBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag)
{
    public const int LargestPriority = 1000;

    private readonly QuantityReader _quantities = new(sentence, bag);

    /// <param name="trigger">Null: it has a fault, so that nobody knows what the rule is about.</param>
    public RuleModifiers Bind(RuleSyntax rule, Trigger? trigger)
    {
        var modifiers = new RuleModifiers();
        var first = new Dictionary<object, ModifierSyntax>();
        foreach (var modifier in rule.Modifiers)
        {
            var budget = modifier is AtMostSyntax most ? Budget(most) : null;
            // Two limits on what a rule does can stand side by side: one for a firing, one for an hour.
            object what = budget is null ? modifier.GetType() : (budget.Of, budget.Per);
            if (!first.TryAdd(what, modifier))
                bag.Add(RuleDiagnostics.RepeatedModifier(sentence.At(modifier.Span), Keyword(modifier), sentence.At(first[what].Span)));
            modifiers = modifier switch
            {
                UntilSyntax until => modifiers with { Until = Until(until, rule, trigger) },
                CooldownSyntax cooldown => modifiers with { Cooldown = Cooldown(cooldown), CooldownPer = Per(cooldown.Per, rule, trigger) },
                AtMostSyntax => budget is null ? modifiers : modifiers with { Budgets = modifiers.Budgets.Add(budget) },
                PrioritySyntax priority => modifiers with { Priority = _quantities.Whole(priority.Priority, -LargestPriority, LargestPriority) ?? 0 },
                ModeSyntax mode => modifiers with { Mode = mode.Mode },
                BecauseSyntax because => modifiers with { Because = Because(because.Text) },
                _ => throw new InvalidOperationException($"No binding for {modifier.GetType().Name}."),
            };
        }
        return modifiers;
    }

    private TimeSpan? Cooldown(CooldownSyntax syntax) => _quantities.Duration(syntax.Duration, "leave `cooldown` out if there is to be none");

    private SubjectKind? Per(SubjectSyntax? per, RuleSyntax rule, Trigger? trigger)
    {
        if (per is null || RuleSubject.Of(trigger) is not { } subject)
            return null;
        if (subject.ByClock)
            bag.Add(RuleDiagnostics.CooldownPerNothing(sentence.At(per.Span), sentence.At(rule.Trigger.Span)));
        else if (ConditionReads.IsFiner(per.Kind, subject.Kind))
            bag.Add(RuleDiagnostics.CooldownPerFiner(sentence.At(per.Span), subject.Kind, sentence.At(rule.Trigger.Span)));
        return per.Kind;
    }

    private RuleBudget? Budget(AtMostSyntax syntax)
    {
        var count = _quantities.Count(syntax.Count, least: 1, syntax.Of == BudgetOf.Moves ? "moves" : "hosts");
        var per = syntax.Per is { } written ? _quantities.Duration(written, "leave `per` out if each firing counts by itself") : null;
        if (count is null || (syntax.Per is not null && per is null))
            return null;
        return new RuleBudget(count.Value, syntax.Of, per, TokenSpacing.Join(sentence, syntax.Span));
    }

    private string? Because(NameSyntax text)
    {
        var errors = bag.ErrorCount;
        if (string.IsNullOrWhiteSpace(text.Value) || text.Value.Length > CompilerLimits.TextLength || Quote.Printable(text.Value) != text.Value)
            bag.Add(RuleDiagnostics.UnusableText(sentence.At(text.Span)));
        return errors == bag.ErrorCount ? text.Value : null;
    }

    private Condition? Until(UntilSyntax syntax, RuleSyntax rule, Trigger? trigger)
    {
        var until = new ConditionBinder(sentence, definitions, bag).Bind(syntax.Condition).Condition;
        if (rule.Trigger is not WhenSyntax when)
            bag.Add(RuleDiagnostics.UntilWithoutWhen(sentence.At(syntax.Span), sentence.At(rule.Trigger.Span), rule.Trigger is OnSyntax));
        else if (until is not null && trigger is Trigger.When { Subject: var subject } && ConditionReads.IsFiner(ConditionReads.Finest(until), subject))
            bag.Add(RuleDiagnostics.UntilReadsFiner(sentence.At(syntax.Condition.Span), ConditionReads.Finest(until)!.Value, subject, sentence.At(when.Condition.Span)));
        return until;
    }

    private static string Keyword(ModifierSyntax modifier) => modifier switch
    {
        UntilSyntax => "until",
        CooldownSyntax => "cooldown",
        AtMostSyntax { Of: BudgetOf.Moves } => "at most .. moves",
        AtMostSyntax => "at most .. hosts",
        PrioritySyntax => "priority",
        ModeSyntax => "mode",
        _ => "because",
    };
}
