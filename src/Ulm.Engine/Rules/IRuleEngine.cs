using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Rules;

/// <summary>A forward-chaining rule engine as the control loop feeds and fires it. Implementations need not be thread-safe.</summary>
public interface IRuleEngine
{
    /// <summary>The attributes that some rule reads; no others need to be updated.</summary>
    IReadOnlyCollection<PolicyAttribute> Reads { get; }

    /// <summary>Puts a subject into working memory; again with another parent when a VM has moved.</summary>
    /// <param name="host">The host of a VM; null for a host.</param>
    void Insert(SubjectRef subject, string? host);

    void Update(SubjectRef subject, PolicyAttribute attribute, in Reading reading);

    void Retract(SubjectRef subject);

    /// <summary>Queues a scheduled rule that came due; it fires at the next <see cref="Fire"/>.</summary>
    void Insert(ScheduleEvent due);

    /// <summary>Evaluates what changed since the last call, moves the hold machines on to <paramref name="at"/> and says what fired.</summary>
    /// <param name="isBusy">Subjects being acted on don't fire again.</param>
    FireResult Fire(DateTimeOffset at, Func<SubjectRef, bool> isBusy);

    /// <summary>The action of a firing has ended; the rule counts anew, on samples captured from <paramref name="at"/> on.</summary>
    void Rearm(string rule, SubjectRef subject, DateTimeOffset at);

    ImmutableArray<SavedHold> SaveHolds();

    /// <summary>Puts back what <see cref="SaveHolds"/> gave, for rules that mean the same as then and subjects that are inserted.</summary>
    /// <param name="shift">Added to the start of pending holds: time during which nothing was measured does not count towards <c>for</c>.</param>
    void RestoreHolds(IEnumerable<SavedHold> holds, TimeSpan shift);

    /// <summary>Null: no such rule or subject, or the rule has no condition.</summary>
    RuleExplanation? Explain(string rule, SubjectRef subject);
}
