using System.Collections.Immutable;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Rules;

/// <summary>A forward-chaining rule engine as the control loop feeds and fires it. Implementations need not be thread-safe.</summary>
public interface IRuleEngine
{
    /// <summary>The facts that some rule reads and that have to be updated from outside; no others need be.</summary>
    IReadOnlyCollection<Fact> Reads { get; }

    /// <summary>Puts a host or VM into working memory; again where it has other tags or stands elsewhere. Clusters are there as long as they have hosts.</summary>
    /// <param name="parent">The host of a VM; the cluster of a host, null: the default one.</param>
    /// <param name="tags">Null: none.</param>
    void Insert(SubjectRef subject, string? parent, ImmutableHashSet<string>? tags = null);

    void Update(SubjectRef subject, Fact fact, in Reading reading);

    void Retract(SubjectRef subject);

    /// <summary>Tells of an event: of a subject that comes after it is inserted and updated, of one that goes before it is retracted.</summary>
    void Insert(SiteEvent happened, DateTimeOffset at);

    /// <summary>Queues a scheduled rule that came due; it fires at the next <see cref="Fire"/>.</summary>
    void Insert(ScheduleEvent due);

    /// <summary>Evaluates what changed since the last call, moves the hold machines on to <paramref name="at"/> and says what fired.</summary>
    /// <param name="actedOn">What is being done to a subject: it does not fire again before that has ended. Null: nothing is.</param>
    FireResult Fire(DateTimeOffset at, Func<SubjectRef, string?> actedOn);

    /// <summary>A firing is over; the rule counts anew, on samples captured from <paramref name="at"/> on.</summary>
    void Rearm(string rule, SubjectRef subject, DateTimeOffset at, FiringEnd end);

    ImmutableArray<SavedHold> SaveHolds();

    /// <summary>Puts back what <see cref="SaveHolds"/> gave, for rules that mean the same as then and subjects that are inserted.</summary>
    /// <param name="shift">Added to the start of pending holds: time during which nothing was measured does not count towards <c>for</c>. Less than none, as the clock was set back: added to all instants.</param>
    void RestoreHolds(IEnumerable<SavedHold> holds, TimeSpan shift);

    /// <summary>As of the last <see cref="Fire"/> and what was updated since.</summary>
    /// <param name="subject">Null: of a scheduled rule.</param>
    /// <returns>Null: no such rule, or it is not about such a subject.</returns>
    RuleExplanation? Explain(string rule, SubjectRef? subject);
}
