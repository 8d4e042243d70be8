using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>Whom a rule is about and when it may fire. What has a fault is left out; the fault is reported.</summary>
internal sealed class GuardBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag)
{
    private readonly WindowBinder _windows = new(sentence, definitions, bag);

    /// <param name="trigger">Null: it has a fault, so that nobody knows what the rule is about.</param>
    public RuleGuards Bind(RuleSyntax rule, Trigger? trigger)
    {
        var guards = RuleGuards.None;
        var first = new Dictionary<Type, GuardSyntax>();
        foreach (var guard in rule.Guards)
        {
            if (!first.TryAdd(guard.GetType(), guard))
                bag.Add(RuleDiagnostics.RepeatedGuard(sentence.At(guard.Span), Keyword(guard), HelpIfRepeated(guard), sentence.At(first[guard.GetType()].Span)));
            guards = guard switch
            {
                InClusterGuardSyntax cluster => guards with { Cluster = Cluster(cluster.Cluster) },
                WhereSyntax where => guards with { Where = Condition(where.Condition, rule, trigger) },
                DuringSyntax during => guards with { During = During(during) },
                UnlessSyntax unless => guards with { Unless = Condition(unless.Condition, rule, trigger) },
                _ => throw new InvalidOperationException($"No binding for {guard.GetType().Name}."),
            };
        }
        return guards;
    }

    private string Cluster(NameSyntax name)
    {
        RuleNames.CheckUsable(name, sentence.At(name.Span), bag);
        return name.Value;
    }

    private ImmutableArray<TimeWindow> During(DuringSyntax syntax) =>
        [.. syntax.Times.Select(t => t is TimeWindowSyntax window ? _windows.Window(window) : _windows.Window((NameSyntax)t)).OfType<TimeWindow>()];

    private Condition? Condition(ConditionSyntax syntax, RuleSyntax rule, Trigger? trigger)
    {
        var condition = new ConditionBinder(sentence, definitions, bag).Bind(syntax).Condition;
        if (condition is not null && RuleSubject.Of(trigger) is { } subject && ConditionReads.IsFiner(ConditionReads.Finest(condition), subject.Kind))
            bag.Add(RuleDiagnostics.GuardReadsFiner(sentence.At(syntax.Span), ConditionReads.Finest(condition)!.Value, subject.Kind, sentence.At(rule.Trigger.Span)));
        return condition;
    }

    private static string Keyword(GuardSyntax guard) => guard switch
    {
        InClusterGuardSyntax => "in cluster",
        WhereSyntax => "where",
        DuringSyntax => "during",
        _ => "unless",
    };

    private static string HelpIfRepeated(GuardSyntax guard) => guard switch
    {
        InClusterGuardSyntax => "write a rule for each cluster, or ask in the condition: `(in cluster a or in cluster b)`",
        WhereSyntax => "join the two with `and`",
        DuringSyntax => "join the two with a comma",
        _ => "join the two with `or`",
    };
}

/// <summary>What a rule ranges over.</summary>
/// <param name="ByClock">It has no subject of its own; its actions choose among hosts.</param>
internal sealed record RuleSubject(SubjectKind Kind, bool ByClock)
{
    /// <summary>Null where the trigger has a fault.</summary>
    public static RuleSubject? Of(Trigger? trigger) =>
        trigger is null ? null : new RuleSubject(trigger.About ?? SubjectKind.Host, ByClock: trigger.About is null);
}
