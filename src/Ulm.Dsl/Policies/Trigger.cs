using System.Collections.Immutable;

namespace Ulm.Dsl.Policies;

/// <summary>When a rule fires.</summary>
public abstract record Trigger
{
    private Trigger() { }

    /// <summary>What the rule fires for, one of them at a time; null: by the clock, for no one in particular.</summary>
    public SubjectKind? About => this switch
    {
        When watched => watched.Subject,
        On happening => happening.Subject,
        _ => null,
    };

    /// <summary><c>when COND [for D]</c>: once for each subject for which the condition held without a break for <paramref name="For"/>.</summary>
    /// <param name="Subject">The finest kind that the condition reads or asks of: VM, else host, else cluster.</param>
    /// <param name="For">Zero where the sentence has no <c>for</c>.</param>
    public sealed record When(Condition Condition, SubjectKind Subject, TimeSpan For) : Trigger;

    /// <summary><c>at TIME {, TIME} [DAYS]</c>: at these local times of the policy set's time zone.</summary>
    public sealed record At(ImmutableArray<TimeOnly> Times, DaySelection Days) : Trigger;

    /// <summary><c>every D [between TIME and TIME] [DAYS]</c>: at this period, counted anew from each local midnight.</summary>
    public sealed record Every(TimeSpan Period) : Trigger
    {
        /// <summary>Null: at all times.</summary>
        public TimeWindow? Between { get; init; }
    }

    /// <summary><c>cron "QUARTZ EXPRESSION"</c>: seconds, minutes, hours, day of month, month, day of week and, where given, year.</summary>
    public sealed record Cron(string Expression) : Trigger;

    /// <summary><c>on host fails</c> and its like: once for each subject it happens to.</summary>
    public sealed record On(SubjectEvent Event) : Trigger
    {
        public SubjectKind Subject => Event is SubjectEvent.VmStarts or SubjectEvent.VmStops ? SubjectKind.Vm : SubjectKind.Host;
    }

    /// <summary><c>have N hosts on by TIME [DAYS]</c>: early enough that N hosts of each cluster (see the rule's guards) are on at the time. Needs no action.</summary>
    public sealed record HaveOn(int Count, TimeOnly By, DaySelection Days) : Trigger;
}

/// <summary>What happens to hosts and VMs and can set a rule off.</summary>
public enum SubjectEvent
{
    /// <summary>A host is in the inventory that was not.</summary>
    HostJoins,

    /// <summary>A host is no longer in the inventory.</summary>
    HostLeaves,

    /// <summary>A host that was on does not answer any more, and nobody has told it to go.</summary>
    HostFails,

    /// <summary>A host that failed answers again.</summary>
    HostReturns,
    VmStarts,
    VmStops,
}
