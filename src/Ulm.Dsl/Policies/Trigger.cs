using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

/// <summary>When a rule fires.</summary>
public abstract record Trigger
{
    private Trigger() { }

    /// <summary><c>when COND [for D]</c>: once for each subject for which the condition held without a break for <paramref name="For"/>.</summary>
    /// <param name="Subject">VM if the condition reads any <c>vm.*</c>, else host.</param>
    /// <param name="For">Zero where the sentence has no <c>for</c>.</param>
    public sealed record When(Condition Condition, SubjectKind Subject, TimeSpan For) : Trigger;

    /// <summary><c>at TIME {, TIME} [DAYS]</c>: at these local times of the policy set's time zone.</summary>
    public sealed record At(ImmutableArray<TimeOnly> Times, DaysOfWeek Days) : Trigger;

    /// <summary><c>every D</c>: at this period, counted anew from each local midnight.</summary>
    public sealed record Every(TimeSpan Period) : Trigger;
}

[Flags]
public enum DaysOfWeek
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
    Weekdays = Monday | Tuesday | Wednesday | Thursday | Friday,
    Weekends = Saturday | Sunday,
    Daily = Weekdays | Weekends,
}
