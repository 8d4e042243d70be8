using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Schedules;

namespace Ulm.Engine.Loop;

/// <summary>Scheduled rules whose time has come and that no look has followed yet.</summary>
internal sealed class DueSchedules(Freshness freshness, TimeSpan pollingInterval)
{
    private readonly HaveOnWatch _haveOn = new();
    private readonly List<ScheduleEvent> _due = [];

    /// <summary>For the journal, with what the next <see cref="Take"/> has for it.</summary>
    private readonly List<JournalEntry> _untold = [];

    /// <summary>What comes so much later than it should still comes in time.</summary>
    public TimeSpan MayBeLateBy => freshness.Limit + pollingInterval;

    /// <inheritdoc cref="ControlLoop.Leads"/>
    public ImmutableDictionary<string, TimeSpan> Leads => _haveOn.Leads;

    /// <inheritdoc cref="ControlLoop.LeadsChanged"/>
    public TaskCompletionSource LeadsChanged { get; private set; } = new();

    public void Add(ScheduleEvent due) => _due.Add(due);

    /// <summary>Those that passed while nobody looked: whether they still hold the next look decides.</summary>
    public void AddMissed(PolicySet policies, DateTimeOffset since, DateTimeOffset until, TimeZoneInfo zone)
    {
        _due.AddRange(MissedSchedules.Since(policies, since, until, zone));
        _haveOn.WatchFrom(since);
    }

    public void Tell(IEnumerable<JournalEntry> entries) => _untold.AddRange(entries);

    /// <summary>What came due until then was another server's to do.</summary>
    public void ForgetUntil(DateTimeOffset last) => _due.RemoveAll(d => d.Due <= last);

    /// <summary>Nothing can be followed now. Whether the last of each rule still holds once something can, that look decides.</summary>
    public void KeepLatest()
    {
        var latest = _due.GroupBy(d => d.Rule).Select(g => g.MaxBy(d => d.Due)).ToList();
        _due.Clear();
        _due.AddRange(latest);
    }

    public bool HasAnyBy(DateTimeOffset now) => _due.Any(d => d.Due <= now);

    /// <summary>Takes note of how early hosts have to be woken, by what is known now.</summary>
    public void NoteLeads(PolicySet policies, SiteFacts facts)
    {
        if (!_haveOn.Look(policies, facts)) return;
        var changed = LeadsChanged;
        LeadsChanged = new TaskCompletionSource();
        changed.TrySetResult();
    }

    /// <summary>
    /// Those to be followed now. Times of one rule that piled up are one wish, not several; one whose time passed long ago, because the
    /// server was stopped or its machine slept, is not made up for, unless a window of its rule has been open ever since.
    /// </summary>
    /// <returns>Those, and what the journal is told of those that are not made up for.</returns>
    public (List<ScheduleEvent> Due, IEnumerable<JournalEntry> Missed) Take(PolicySet policies, SiteFacts facts, TimeZoneInfo zone)
    {
        var at = facts.At;
        // Of one that wants hosts on by a time only this look can tell whether it has come.
        var come = _due.Where(d => d.Due <= at && !Leads.ContainsKey(d.Rule)).ToList();
        _due.RemoveAll(d => d.Due <= at);
        var latest = come.GroupBy(d => d.Rule).Select(g => g.MaxBy(d => d.Due)).Concat(_haveOn.Passed(policies, facts, zone))
            .ToLookup(d => IsPast(d.Due, at) && !MissedSchedules.WindowHolds(policies, d, at, zone));
        var untold = _untold.Concat(latest[true].Select(m => Missed(m, at))).ToList();
        _untold.Clear();
        return ([.. latest[false], .. _haveOn.Due(policies, facts, zone)], untold);
    }

    /// <summary>True: its time is so long ago that nobody looked or acted at it.</summary>
    public bool IsPast(DateTimeOffset due, DateTimeOffset at) => at - due > MayBeLateBy;

    public static JournalEntry Missed(ScheduleEvent missed, DateTimeOffset at) =>
        new(at, JournalKind.Refusal, $"{missed.Rule}: its time, {missed.Due:yyyy-MM-dd HH:mm:ss}, passed {Show.Duration(at - missed.Due)} ago while the server did not act; it is not made up for")
        {
            Rule = missed.Rule,
            Outcome = "missed",
        };
}
