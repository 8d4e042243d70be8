using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

/// <summary>One rule.</summary>
/// <param name="Name">From <c>policy NAME</c>, else <c>file.ulm:LINE</c>. Unique in the set.</param>
/// <param name="Fingerprint">
/// Two rules with the same name and the same fingerprint mean the same: the words of the sentence after names from definitions are
/// replaced, without comments and layout. A reloaded rule keeps its clocks exactly when its fingerprint did not change.
/// </param>
/// <param name="Actions">Empty only for <see cref="Trigger.HaveOn"/>.</param>
/// <param name="Until">The second mark of a <c>when</c> rule: it may fire again only once this held. Null: once the condition was false.</param>
/// <param name="Cooldown">After a firing, the same subject does not fire for this long. Null: none.</param>
public sealed record Rule(
    string Name,
    string Fingerprint,
    SourceLocation Location,
    Trigger Trigger,
    ImmutableArray<PolicyAction> Actions,
    Condition? Until,
    TimeSpan? Cooldown)
{
    public RuleGuards Guards { get; init; } = RuleGuards.None;

    /// <summary>What <see cref="Cooldown"/> quiets after a firing: that subject, or all rows of its host, VM or cluster. Null: the subject.</summary>
    public SubjectKind? CooldownPer { get; init; }

    /// <summary><c>at most N moves [per D]</c>: all of them hold.</summary>
    public ImmutableArray<RuleBudget> Budgets { get; init; } = [];

    /// <summary>Higher first; 0 where the sentence has none.</summary>
    public int Priority { get; init; }

    public RuleMode Mode { get; init; } = RuleMode.Enforce;

    /// <summary><c>because "TEXT"</c>: shown beside every decision of the rule.</summary>
    public string? Because { get; init; }
}

/// <summary>Whom a rule is about and when it may fire.</summary>
public sealed record RuleGuards
{
    public static readonly RuleGuards None = new();

    /// <summary>
    /// <c>in cluster NAME</c>: the rule ranges over this cluster alone; a scheduled rule's actions too. Null: over all.
    /// </summary>
    public string? Cluster { get; init; }

    /// <summary>
    /// <c>where COND</c>: subjects for which it does not hold (or is unknown) are not the rule's; a scheduled rule's actions leave
    /// hosts alone for which it does not hold.
    /// </summary>
    public Condition? Where { get; init; }

    /// <summary><c>during ...</c>: outside, a rule may become due but does not fire; within any of them it does. Empty: at all times.</summary>
    public ImmutableArray<TimeWindow> During { get; init; } = [];

    /// <summary><c>unless COND</c>: the rule fires only where this is false; unknown is not false. A scheduled rule's actions leave hosts alone for which it is not false.</summary>
    public Condition? Unless { get; init; }
}

/// <summary>How much one rule may do.</summary>
/// <param name="Per">Within any such time. Null: in one firing.</param>
public sealed record RuleBudget(int Count, BudgetOf Of, TimeSpan? Per, string Text);

public enum BudgetOf
{
    /// <summary>Migrations.</summary>
    Moves,

    /// <summary>Hosts emptied, powered off or on.</summary>
    Hosts,
}

public enum RuleMode
{
    /// <summary>Decides and tells; nothing is planned or done.</summary>
    Observe,

    /// <summary>Plans; a person approves before anything is done.</summary>
    Recommend,

    /// <summary>Acts.</summary>
    Enforce,
}
