using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Rules;

/// <summary>A rule has fired: for one subject, or for the whole site when its schedule came due.</summary>
/// <param name="Subject">Null for a scheduled rule.</param>
/// <param name="Since">When the condition became true, or the scheduled time.</param>
/// <param name="Reason">For people: <c>host.cpu = 81% &gt; 75% for 10m</c>, <c>at 20:00</c>.</param>
public sealed record Firing(Rule Rule, SubjectRef? Subject, DateTimeOffset At, DateTimeOffset Since, string Reason)
{
    /// <summary>How many comparisons the rule makes: the more, the more specific.</summary>
    public int Specificity { get; init; }
}

/// <summary>A hold machine went from one state to another.</summary>
/// <param name="Because">The comparisons as they stood.</param>
public sealed record HoldTransition(Rule Rule, SubjectRef Subject, DateTimeOffset At, HoldState From, HoldState To, string Because);

/// <summary>What one call of <see cref="IRuleEngine.Fire"/> did.</summary>
public sealed record FireResult(ImmutableArray<Firing> Firings, ImmutableArray<HoldTransition> Transitions);

/// <summary>A hold machine as it is kept over restarts and reloads.</summary>
/// <param name="Fingerprint">Of the rule when it was saved; a rule that means something else starts anew.</param>
public sealed record SavedHold(string Rule, string Fingerprint, SubjectRef Subject, HoldState State, DateTimeOffset Since, DateTimeOffset CoolUntil, DateTimeOffset IgnoreBefore);

/// <summary>Why a rule does what it does for a subject, right now.</summary>
public sealed record RuleExplanation(Rule Rule, SubjectRef Subject, HoldState State, DateTimeOffset Since, Truth Verdict, ImmutableArray<Clause> Clauses);
