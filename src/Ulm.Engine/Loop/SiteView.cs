using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Actions;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;
using Ulm.Engine.Journal;
using Ulm.Engine.Metrics;
using Ulm.Engine.Planning;

namespace Ulm.Engine.Loop;

/// <summary>The site as the loop believes it: the last observation, corrected by what the executor has verified since it was begun.</summary>
/// <param name="mayGoOffFor">See <see cref="LoopOptions.MayGoOffFor"/>.</param>
/// <param name="time">For how long something has been so, whatever the clock is set to meanwhile.</param>
internal sealed class SiteView(Freshness freshness, BootTimes boots, TimeSpan mayGoOffFor, TimeProvider time)
{
    /// <summary>The clock and the count of what has gone by are not read at one instant: only one that falls behind by more was set back.</summary>
    private static readonly TimeSpan ClockNoise = TimeSpan.FromSeconds(1);

    private readonly MetricWindows _metrics = new();
    private readonly Dictionary<string, (string Host, int Round)> _verified = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _switchedOff = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (MayGoOff What, long Since)> _mayGoOff = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _toldToGo = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _arrived = new(StringComparer.Ordinal);
    private ImmutableDictionary<string, DateTimeOffset> _emptySince = ImmutableDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal);

    private (Site? Of, long Version, Site Site) _overlaid = (null, 0, Site.Empty);

    private MetricNeeds? _needs;

    /// <summary>Observations that were begun. What became known since one was begun is newer than it; instants would tell that only as long as nobody sets the clock.</summary>
    private int _round;

    private (DateTimeOffset At, long Timestamp)? _begun;

    /// <summary>Of whom an earlier run measured something; until the first look shows who is there.</summary>
    private HashSet<SubjectRef> _remembered = [];

    public Site Site { get; private set; } = Site.Empty;

    /// <summary>From here on as much of earlier times is kept as these policies look back on.</summary>
    public void Need(MetricNeeds needs)
    {
        _needs = needs;
        _metrics.Need(needs);
    }

    /// <summary>What an earlier run measured, oldest first. To be called before the first look.</summary>
    /// <param name="lastLook">For when that run looked last: where that is still to come, the clock was set back since, and all is older than it seems.</param>
    public void Remember(IReadOnlyList<Measurement> samples, DateTimeOffset? lastLook)
    {
        var now = time.GetUtcNow();
        if (lastLook - now > freshness.Limit) return;
        foreach (var sample in samples.Where(s => s.At <= now)) _metrics.Add(sample);
        if (lastLook > now) _metrics.ClockWasSetBack(now - freshness.Limit);
        _remembered = [.. samples.Select(s => s.Subject)];
    }

    /// <summary>What is to be remembered for these policies.</summary>
    public IReadOnlyList<SampleWish> Wishes(DateTimeOffset at) => _needs is null ? [] : [.. _needs.LookedBackOn.Select(a => (Attribute: a, Need: _needs.Of(a)!))
        .Select(n => new SampleWish(n.Attribute, at - n.Need.Window, at - (n.Need.Horizons.IsEmpty ? n.Need.Window : MetricNeeds.ForecastsFrom)))];

    /// <summary>Keeps what these facts make of measurements where it is looked back on.</summary>
    /// <returns>What was kept.</returns>
    public IReadOnlyList<Measurement> KeepDerived(SiteFacts facts) => _needs is null ? [] : DerivedSamples.Keep(facts, _needs, _metrics);

    /// <summary>To be called as an observation is begun.</summary>
    public ObservationBegun Begin()
    {
        var (before, now) = (_begun, (At: time.GetUtcNow(), Timestamp: time.GetTimestamp()));
        _begun = now;
        var setBack = before is { } last ? time.GetElapsedTime(last.Timestamp, now.Timestamp) - (now.At - last.At) : TimeSpan.Zero;
        if (setBack > ClockNoise) _metrics.ClockWasSetBack(now.At - freshness.Limit);
        return new ObservationBegun(++_round, now.Timestamp, now.At, setBack);
    }

    /// <summary>The clock was set back by so much that nobody waits until it has caught up.</summary>
    public void StartAnew(DateTimeOffset now)
    {
        _metrics.StartAnew(now);
        foreach (var (vm, at) in _arrived.ToList()) if (at > now) _arrived[vm] = now;
        _emptySince = _emptySince.SetItems(_emptySince.Where(e => e.Value > now).Select(e => KeyValuePair.Create(e.Key, now)).ToList());
    }

    /// <param name="begun">What <see cref="Begin"/> gave for the observation: a move verified later is newer than it.</param>
    /// <param name="moves">Migrations that were begun and have not been verified yet.</param>
    public void Take(Observation observation, ObservationBegun begun, DateTimeOffset at, ImmutableArray<InFlightMove> moves)
    {
        var vms = observation.Site.Vms.ToDictionary(v => v.Name, StringComparer.Ordinal);
        foreach (var move in moves)
        {
            // On its way a VM may be seen on both hosts, or on neither: it stays where it was until the executor has verified the move.
            if (vms.TryGetValue(move.Vm, out var seen)) vms[move.Vm] = seen with { Host = move.From };
            else if (Site.FindVm(move.Vm) is { } last) vms[move.Vm] = last;
        }

        foreach (var (vm, (host, round)) in _verified.ToList())
        {
            if (round < begun.Round) _verified.Remove(vm);
            else if (vms.TryGetValue(vm, out var seen)) vms[vm] = seen with { Host = host };
        }

        foreach (var host in _switchedOff.Where(s => s.Value < begun.Round).Select(s => s.Key).ToList()) _switchedOff.Remove(host);
        foreach (var host in observation.Site.Hosts.Where(h => _mayGoOff.TryGetValue(h.Name, out var told) && (h.State == HostState.Off || time.GetElapsedTime(told.Since, begun.Timestamp) > mayGoOffFor))) _mayGoOff.Remove(host.Name);
        foreach (var host in _toldToGo.Where(t => !_mayGoOff.ContainsKey(t.Key) && t.Value < begun.Round && observation.Site.FindHost(t.Key) is { State: HostState.On }).Select(t => t.Key).ToList())
            _toldToGo.Remove(host);
        foreach (var vm in _arrived.Where(a => at - a.Value > freshness.Limit).Select(a => a.Key).ToList()) _arrived.Remove(vm);
        var before = Site;
        Site = new Site(observation.Site.Hosts.Select(Corrected), vms.Values.Where(v => observation.Site.FindHost(v.Host) is not null));
        foreach (var measurement in observation.Measurements) _metrics.Add(measurement);
        _metrics.NoteUnmeasured(observation.Unmeasured);
        foreach (var vm in before.Vms) if (Site.FindVm(vm.Name) is null) _metrics.Forget(vm.Ref);
        foreach (var host in before.Hosts) if (Site.FindHost(host.Name) is null) _metrics.Forget(host.Ref);
        foreach (var gone in _remembered.Where(r => !IsThere(r))) _metrics.Forget(gone);
        _remembered = [];
        foreach (var cluster in before.Clusters.Keys) if (!Site.Clusters.ContainsKey(cluster)) _metrics.Forget(SubjectRef.Cluster(cluster));
        NoteEmptyHosts(at);
    }

    /// <summary>A migration was verified: the VM is there now.</summary>
    private void Moved(PlannedMove move, DateTimeOffset at)
    {
        _verified[move.Vm] = (move.To, _round);
        _arrived[move.Vm] = at;
        if (Site.FindVm(move.Vm) is null || Site.FindHost(move.To) is null) return;
        Site = Site.WithVmOn(move.Vm, move.To);
        NoteEmptyHosts(at);
    }

    /// <summary>A host was powered off: a poll that was begun before then, and shows it on, is too old to be believed.</summary>
    private void SwitchedOff(string host, DateTimeOffset at)
    {
        (_switchedOff[host], _toldToGo[host]) = (_round, _round);
        Site = Site.With(Corrected);
        NoteEmptyHosts(at);
    }

    /// <summary>What an earlier run told to go off so long ago may have been seen to fail at that shortly before its end, and go yet.</summary>
    public TimeSpan OrdersComeLateFor => mayGoOffFor * 2;

    /// <summary>A host was told to power off, and nobody saw it go: it stays closed until it has, or until it surely would have.</summary>
    /// <param name="because">What is known of it.</param>
    public void MayGoOff(string host, string because)
    {
        var now = time.GetUtcNow();
        _mayGoOff[host] = (new MayGoOff(host, now, because, now + mayGoOffFor), time.GetTimestamp());
        _toldToGo[host] = _round;
        Site = Site.With(Corrected);
    }

    /// <summary>What a step's end tells of the site.</summary>
    /// <param name="bootBegun">When its host was last told to power on; null: never.</param>
    public void StepEnded(ActionEvent end, DateTimeOffset? bootBegun)
    {
        switch (end)
        {
            case { Phase: ActionPhase.Succeeded, Step.Action: PlannedAction.Migrate move }:
                Moved(new PlannedMove(move.Vm, move.To), end.At);
                break;
            case { Phase: ActionPhase.Succeeded, Step.Action: PlannedAction.PowerOn on } when bootBegun is { } begun:
                boots.Learn(new Boot(on.Host, end.At - begun));
                break;
            case { Phase: ActionPhase.Succeeded, Step.Action: PlannedAction.PowerOff or PlannedAction.Suspend }:
                SwitchedOff(end.Step.Action.Subject!.Value.Name, end.At);
                break;
            case { MayComeLate: true, Step.Action: PlannedAction.PowerOff or PlannedAction.Suspend }:
                MayGoOff(end.Step.Action.Subject!.Value.Name, end.Text.StartsWith($"{end.Step.Action}: ", StringComparison.Ordinal) ? end.Text[($"{end.Step.Action}: ".Length)..] : end.Text);
                break;
        }
    }

    public SiteFacts Facts(DateTimeOffset at, Executor executor, TimeZoneInfo zone, ImmutableDictionary<SubjectRef, OperatorHold> holds)
    {
        var site = executor.HostsApart.Count == 0 ? Site : Overlaid(executor);
        return new SiteFacts(at, site, _metrics, freshness, executor.InFlight)
        {
            EmptySince = _emptySince,
            Moves = executor.Moves,
            Held = executor.Held,
            Holds = holds,
            Waiting = executor.Waiting,
            ArrivedAt = _arrived,
            History = executor.History,
            Orders = executor.Orders.Current,
            FailedToWake = executor.FailedToWake,
            Observed = Site,
            Lives = executor.Lives.Current,
            Zone = zone,
            MayGoOff = _mayGoOff.ToImmutableDictionary(m => m.Key, m => m.Value.What, StringComparer.Ordinal),
            ToldToGo = _toldToGo.Keys.ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The site with what is being done to its hosts laid over it; made anew only when one of the two has changed.</summary>
    private Site Overlaid(Executor executor)
    {
        if (!ReferenceEquals(_overlaid.Of, Site) || _overlaid.Version != executor.Version)
        {
            var apart = executor.HostsApart.ToHashSet(StringComparer.Ordinal);
            _overlaid = (Site, executor.Version, Site.With(h => apart.Contains(h.Name) ? h with { State = executor.StateOf(h) } : h));
        }

        return _overlaid.Site;
    }

    private bool IsThere(SubjectRef subject) => subject.Kind switch
    {
        SubjectKind.Host => Site.FindHost(subject.Name) is not null,
        SubjectKind.Vm => Site.FindVm(subject.Name) is not null,
        _ => Site.Clusters.ContainsKey(subject.Name),
    };

    private Host Corrected(Host host) => InState(boots.Of(host) is var boot && boot == host.BootTime ? host : host with { BootTime = boot });

    private Host InState(Host host) =>
        _switchedOff.ContainsKey(host.Name) ? host with { State = HostState.Off }
        : host.State == HostState.On && _mayGoOff.ContainsKey(host.Name) ? host with { State = HostState.Draining }
        : host;

    private void NoteEmptyHosts(DateTimeOffset at)
    {
        foreach (var host in Site.Hosts)
        {
            if (host.State != HostState.On || Site.VmsOn(host.Name).Length > 0) _emptySince = _emptySince.Remove(host.Name);
            else if (!_emptySince.ContainsKey(host.Name)) _emptySince = _emptySince.Add(host.Name, at);
        }
    }
}

internal readonly record struct PlannedMove(string Vm, string To);

/// <summary>That an observation was begun: which one, and when, by a clock that nobody sets and by the machine's.</summary>
/// <param name="SetBack">By how much the machine's clock was set back since the one before.</param>
internal readonly record struct ObservationBegun(int Round, long Timestamp, DateTimeOffset At, TimeSpan SetBack);
