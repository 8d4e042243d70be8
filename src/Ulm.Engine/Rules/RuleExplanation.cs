using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Rules;

/// <summary>Why a rule does what it does for a subject, or does not, at one instant.</summary>
/// <param name="Subject">Null: a scheduled rule.</param>
/// <param name="Since">When the present state began; null: it was never in another.</param>
public sealed record RuleExplanation(Rule Rule, SubjectRef? Subject, DateTimeOffset At, HoldState State, DateTimeOffset? Since)
{
    /// <summary>The condition part by part; null: the rule waits for an event or a time.</summary>
    public Finding? Condition { get; init; }

    /// <summary>The second mark, where the rule has one.</summary>
    public Finding? Until { get; init; }

    /// <summary>In the order in which they are asked.</summary>
    public ImmutableArray<FoundGuard> Guards { get; init; } = [];

    /// <summary>Of a pending rule: when it fires if its condition goes on holding and no guard is in the way.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>End of the cooldown of the last firing for this subject, where it still runs.</summary>
    public DateTimeOffset? CoolUntil { get; init; }

    /// <summary>Only what is measured from then on counts: an action of the rule ended then.</summary>
    public DateTimeOffset? CountsFrom { get; init; }

    public Truth Verdict => Condition?.Verdict ?? Truth.Unknown;

    /// <summary>The parts of the condition that are no combination of others.</summary>
    public ImmutableArray<Finding> Clauses => Condition is null ? [] : [.. Condition.Leaves];

    /// <summary>The first guard that is in the way; null: none is.</summary>
    public FoundGuard? HeldBackBy => Guards.FirstOrDefault(g => !g.Open);

    /// <summary>How long the present state has lasted.</summary>
    public TimeSpan? InStateFor => At - Since;

    /// <summary>What would have to change for the rule to fire; empty: nothing but time.</summary>
    public ImmutableArray<string> Needed { get; init; } = [];
}
