using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Loop;

/// <summary>What one poll came to.</summary>
/// <param name="At">The instant that it stands for.</param>
/// <param name="Unseen">For how long before it nobody looked; less than none: the clock was set back by long, and all goes on from there.</param>
/// <param name="BegunAt">When it was begun in truth: of the first poll of a run, up to an interval later. What is told of that run must not seem to have happened before its start.</param>
/// <param name="Restarted">Hosts that went and came back since the look before, with what is known of that.</param>
/// <param name="Unfinished">Steps that an earlier run began, and that nobody goes on with.</param>
internal sealed record Measured(DateTimeOffset At, DateTimeOffset BegunAt, TimeSpan Unseen, ImmutableArray<Measurement> Measurements, ImmutableArray<ObservedFault> Faults, IReadOnlyDictionary<string, string> Restarted, IReadOnlyList<JournalEntry> Unfinished);

/// <summary>Polls the site and brings the loop's view of it up to that: with what the executor knows better, and what an earlier run left under way.</summary>
internal sealed class Measuring(ISiteObserver observer, SiteView view, Executor executor, Freshness freshness, Func<DateTimeOffset, SiteFacts> facts)
{
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>What happened to hosts before this run.</summary>
    public UnseenRestarts Unseen { private get; set; } = UnseenRestarts.None;

    /// <param name="unfinished">Steps that an earlier run began and whose end nobody saw.</param>
    public async Task<Measured> TakeAsync(DateTimeOffset at, IReadOnlySet<PolicyAttribute> reads, IReadOnlyList<JournalEntry> unfinished, CancellationToken ct)
    {
        var begun = view.Begin();
        var observation = await observer.ObserveAsync(reads, ct);
        var faults = observation.Faults;
        if (_last - at > freshness.Limit)
        {
            faults = faults.Add(new ObservedFault("clock", $"this machine's clock was set back by {Show.Duration(begun.SetBack)}: what was measured before counts for nothing, and what is measured now counts from here on") { Over = "goes on from there" });
            view.StartAnew(at);
            executor.ClockWasSetBack(at);
        }
        else if (at < _last) at = _last;
        var unseen = _last == DateTimeOffset.MinValue ? TimeSpan.Zero : at - _last;
        _last = at;
        foreach (var host in unfinished.Select(Recovery.PowerOffOf).OfType<string>()) view.MayGoOff(host, "an earlier run told it to");
        var nobodys = new List<JournalEntry>();
        foreach (var step in unfinished)
            if (Recovery.MigrationOf(step) is not { } migration || !await executor.AdoptAsync(migration, observation.Site, ct)) nobodys.Add(step);
        var restarted = HostRestarts.Since(view.Site, observation).Concat(Unseen.Take(observation, begun.At.ToOffset(facts(at).At.Offset))).DistinctBy(r => r.Key).ToDictionary(StringComparer.Ordinal);
        view.Take(observation, begun, at, executor.MovesUnderWay);
        // Before anybody else looks: a host that came on by itself is not to be taken for one that is on.
        executor.Lives.Look(facts(at), restarted);
        return new Measured(at, begun.At > at ? begun.At : at, unseen, observation.Measurements, faults, restarted, nobodys);
    }
}
