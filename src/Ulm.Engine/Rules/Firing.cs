using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Rules.Judging;

namespace Ulm.Engine.Rules;

/// <summary>A rule has fired: for one subject, or for the whole site when its schedule came due.</summary>
/// <param name="Subject">Null for a scheduled rule.</param>
/// <param name="Since">When the condition became true, the event was noticed, or the scheduled time.</param>
/// <param name="Reason">For people: <c>host.cpu = 81% &gt; 75% for 10m</c>, <c>at 20:00</c>.</param>
public sealed record Firing(Rule Rule, SubjectRef? Subject, DateTimeOffset At, DateTimeOffset Since, string Reason)
{
    /// <summary>How many comparisons and questions the rule makes: the more, the more specific.</summary>
    public int Specificity { get; init; }

    /// <summary>It fired before in the same time that its condition holds, in vain, and told people so.</summary>
    public bool HasTold { get; init; }
}

/// <summary>A hold machine went from one state to another.</summary>
/// <param name="Finding">The condition as it stood.</param>
public sealed record HoldTransition(Rule Rule, SubjectRef Subject, DateTimeOffset At, HoldState From, HoldState To, Finding Finding)
{
    /// <summary>The parts of the condition as they stood.</summary>
    public string Because => string.Join(", ", Finding.Leaves);
}

/// <summary>A scheduled rule came due and did not fire.</summary>
public sealed record Withheld(Rule Rule, DateTimeOffset At, DateTimeOffset Due, string Because);

/// <summary>What one call of <see cref="IRuleEngine.Fire"/> did.</summary>
public sealed record FireResult(ImmutableArray<Firing> Firings, ImmutableArray<HoldTransition> Transitions)
{
    public ImmutableArray<Withheld> Withheld { get; init; } = [];
}

/// <summary>A hold machine, an event that waits, or a cooldown, as it is kept over restarts and reloads.</summary>
/// <param name="Fingerprint">Of the rule when it was saved; a rule that means something else starts anew.</param>
/// <param name="Subject">
/// Null: of a scheduled rule. Of another kind than the rule's subjects: a cooldown for all that stands in that host or cluster.
/// </param>
public sealed record SavedHold(string Rule, string Fingerprint, SubjectRef? Subject, HoldState State, DateTimeOffset Since, DateTimeOffset CoolUntil, DateTimeOffset IgnoreBefore)
{
    /// <summary>Of an event that waits: whose cooldown it keeps to. Its subject may be gone by now.</summary>
    public SubjectRef? Group { get; init; }

    /// <inheritdoc cref="HoldMachine.HasTold"/>
    public bool HasTold { get; init; }

    /// <summary>The same by a clock that was set by so much.</summary>
    internal SavedHold MovedBy(TimeSpan set) => this with { Since = Moved(Since, set), CoolUntil = Moved(CoolUntil, set), IgnoreBefore = Moved(IgnoreBefore, set) };

    private static DateTimeOffset Moved(DateTimeOffset at, TimeSpan by) => at == default ? at : at + by;
}
