using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Facts;

/// <summary>
/// All that is known at one instant: the site as last seen, every attribute's reading, and what is being acted on.
/// Rules and planners read this and nothing else, so both decide on the same picture.
/// </summary>
public sealed class SiteFacts(
    DateTimeOffset at,
    Site site,
    MetricWindows metrics,
    Freshness freshness,
    IReadOnlyDictionary<SubjectRef, string> inFlight) : IFactSource
{
    /// <summary>A host counts as idle once it has run nothing for this long.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(5);

    private readonly OverTimeFacts _overTime = new(metrics, freshness);
    private ClusterFacts? _clusterFacts;
    private HashSet<string>? _bound;
    private readonly Site? _observed;

    private ClusterFacts Clusters => _clusterFacts ??= new ClusterFacts(this);

    public DateTimeOffset At => at;

    public Site Site => site;

    /// <summary>Subjects that a running step works on, each with what is being done, such as <c>migrating to h2</c>.</summary>
    public IReadOnlyDictionary<SubjectRef, string> InFlight => inFlight;

    /// <summary>Host names with the instant since which they are known to run no VM.</summary>
    public ImmutableDictionary<string, DateTimeOffset> EmptySince { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>Migrations under way: their VM counts on both hosts until it is known where it is.</summary>
    public ImmutableArray<InFlightMove> Moves { get; init; } = [];

    /// <summary>What is decided and waits for its turn: budgets count it as begun.</summary>
    public ImmutableArray<BegunAction> Waiting { get; init; } = [];

    /// <summary>VMs that were moved a short while ago, with the instant: their new host's figures may be older than that.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> ArrivedAt { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>Hosts that were told to power off, or are about to be: that they do not answer any more means no failure.</summary>
    public IReadOnlySet<string> ToldToGo { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>Hosts that were told to power off and were not seen to go, by name.</summary>
    public ImmutableDictionary<string, MayGoOff> MayGoOff { get; init; } = ImmutableDictionary<string, MayGoOff>.Empty;

    /// <summary>Of facts that were kept: how functions over time came out then, in place of the samples they were made of. Null: they are made of samples.</summary>
    public IReadOnlyDictionary<(SubjectRef, Fact.OverTime), Reading>? Remembered { get; init; }

    public TimeSpan PollingInterval => freshness.PollingInterval;

    /// <summary>The latest samples of these attributes that there are, of subjects of the site.</summary>
    internal IEnumerable<Measurement> Latest(IEnumerable<PolicyAttribute> attributes) =>
        from attribute in attributes
        where attribute.Subject != SubjectKind.Cluster
        from subject in site.Subjects(attribute.Subject)
        let sample = metrics.Latest(subject, attribute)
        where sample is not null && !metrics.IsUndated(subject, attribute)
        select new Measurement(subject, attribute, sample.Value.At, sample.Value.Value);

    /// <summary>Why the last poll brought no measurement, where that is known.</summary>
    internal IEnumerable<Unmeasured> Unmeasured(IEnumerable<PolicyAttribute> attributes) =>
        from attribute in attributes
        where attribute.Subject != SubjectKind.Cluster
        from subject in site.Subjects(attribute.Subject)
        let because = metrics.WhyUnmeasured(subject, attribute)
        where because is not null
        select new Unmeasured(subject, attribute, because);

    /// <summary>How old a sample may be and still count.</summary>
    public TimeSpan StaleAfter => freshness.Limit;

    /// <summary>VM names that must not be moved for now, with the reason: a failed migration a moment ago, a whereabouts in doubt.</summary>
    public ImmutableDictionary<string, string> Held { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Hosts and VMs that somebody wants left as they are.</summary>
    public ImmutableDictionary<SubjectRef, OperatorHold> Holds { get; init; } = ImmutableDictionary<SubjectRef, OperatorHold>.Empty;

    /// <summary>Who holds a VM, or the host that it is on; null: nobody does.</summary>
    public OperatorHold? HoldOn(Vm vm) => Holds.IsEmpty ? null : Holds.GetValueOrDefault(vm.Ref) ?? Holds.GetValueOrDefault(SubjectRef.Host(vm.Host));

    /// <summary>Who holds a host; null: nobody does.</summary>
    public OperatorHold? HoldOn(Host host) => Holds.IsEmpty ? null : Holds.GetValueOrDefault(host.Ref);

    /// <summary>Where hosts are in their lives, as far as it is known.</summary>
    public ImmutableDictionary<string, HostLife> Lives { get; init; } = ImmutableDictionary<string, HostLife>.Empty;

    /// <summary>Hosts whose order to power on was refused when it was last given.</summary>
    public ImmutableHashSet<string> FailedToWake { get; init; } = [];

    /// <summary>Hosts that are kept closed, off or asleep until somebody, or their time, ends it.</summary>
    public ImmutableDictionary<string, HostOrder> Orders { get; init; } = ImmutableDictionary<string, HostOrder>.Empty;

    /// <summary>What was begun before, for budgets and cooldowns.</summary>
    public ActionHistory History { get; init; } = new();

    /// <summary>True of a snapshot: nothing is known of earlier times, and everything counts as if it had always been so.</summary>
    public bool NoHistory { get; init; }

    /// <summary>The zone in which times of day are read.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public DateTime LocalTime => TimeZoneInfo.ConvertTime(at, Zone).DateTime;

    /// <summary>What is known of one fact. A subject of a coarser or finer kind than the fact is about has none.</summary>
    public Reading Read(SubjectRef subject, Fact fact) => fact switch
    {
        Fact.Attribute attribute => Read(subject, attribute.Read),
        Fact.OverTime over => ReadOverTime(subject, over),
        Fact.Answer answer => SubjectAnswers.Answer(this, subject, answer.Test),
        _ => throw new InvalidOperationException($"fact {fact.GetType().Name} has no meaning in the engine"),
    };

    /// <summary>The reading of a subject's own attribute: as measured, else as it follows from what else is known.</summary>
    public Reading Read(SubjectRef subject, PolicyAttribute attribute)
    {
        if (subject.Kind != attribute.Subject) return Reading.Unknown($"{subject} has no {attribute}");
        if (subject.Kind == SubjectKind.Cluster) return Clusters.Read(subject.Name, attribute);
        if (HostFacts.Derived.TryGetValue(attribute, out var derive)) return site.FindHost(subject.Name) is { } host ? derive(this, host) : NotThere(subject);
        var measured = Measured(subject, attribute);
        return !measured.IsKnown && attribute == PolicyAttribute.VmMemory && site.FindVm(subject.Name) is { } vm && ObservedOn(vm.Host)
            ? Reading.Known(vm.MemoryBytes, at)
            : measured;
    }

    /// <summary>As measured. A host that is off has no readings, nor have its VMs: what was measured before it went is past.</summary>
    internal Reading Measured(SubjectRef subject, PolicyAttribute attribute)
    {
        var host = subject.Kind == SubjectKind.Host ? site.FindHost(subject.Name) : site.FindVm(subject.Name) is { } vm ? site.FindHost(vm.Host) : null;
        if (host is null) return NotThere(subject);
        // A host that misses a poll keeps its readings as long as they are fresh; one that is off has none, whatever was measured before.
        return host.State switch
        {
            HostState.Off => HostFacts.IsOff,
            HostState.PoweringOff => HostFacts.IsPoweringOff,
            HostState.PoweringOn => HostFacts.IsPoweringOn,
            HostState.Failed => HostFacts.HasFailed,
            _ => Sampled(subject, attribute),
        };
    }

    private Reading ReadOverTime(SubjectRef subject, Fact.OverTime fact)
    {
        if (Remembered is not null) return Remembered.TryGetValue((subject, fact), out var kept) ? kept : Reading.Unknown("not kept");
        var latest = Read(subject, fact.Read);
        return NoHistory ? OverTimeFacts.Steady(fact, latest) : _overTime.Read(subject, fact, latest, at);
    }

    private Reading Sampled(SubjectRef subject, PolicyAttribute attribute)
    {
        var latest = metrics.Latest(subject, attribute);
        if (metrics.IsUndated(subject, attribute)) return Reading.Unknown("measured before the clock was set back: how long ago nobody knows");
        var reading = freshness.Judge(latest, at);
        if (reading.IsKnown || metrics.WhyUnmeasured(subject, attribute) is not { } why) return reading;
        return Reading.Unknown(latest is null ? why : $"{reading.UnknownBecause}: {why}");
    }

    /// <summary>A migration that was begun has this host for its target.</summary>
    public bool IsBoundFor(string host) => !Moves.IsEmpty && (_bound ??= Moves.Select(m => m.To).ToHashSet(StringComparer.Ordinal)).Contains(host);

    public SubjectRef? KeyOf(SubjectRef subject, SubjectKind kind)
    {
        var host = subject.Kind switch
        {
            SubjectKind.Host => site.FindHost(subject.Name),
            SubjectKind.Vm => site.FindVm(subject.Name) is { } vm ? site.FindHost(vm.Host) : null,
            _ => null,
        };
        if (subject.Kind == kind) return host is not null || site.Clusters.ContainsKey(subject.Name) ? subject : null;
        return (host, kind) switch
        {
            (null, _) or (_, SubjectKind.Vm) => null,
            (var found, SubjectKind.Host) => found.Ref,
            var (found, _) => SubjectRef.Cluster(found.Cluster),
        };
    }

    public IEnumerable<SubjectRef> MembersOf(string cluster, SubjectKind kind)
    {
        if (!site.Clusters.TryGetValue(cluster, out var hosts)) return [];
        return kind == SubjectKind.Host ? hosts.Select(h => h.Ref) : hosts.SelectMany(h => site.VmsOn(h.Name)).Select(v => v.Ref);
    }

    private static Reading NotThere(SubjectRef subject) => Reading.Unknown($"{subject} is not in the inventory");

    /// <summary>The site as it was observed, with nothing of what is being done to its hosts laid over it.</summary>
    public Site Observed
    {
        get => _observed ?? site;
        init => _observed = value;
    }

    /// <summary>True once the host answers: what was observed, whatever is being done to it.</summary>
    public bool ObservedOn(string host) => Observed.FindHost(host) is { State: HostState.On or HostState.Draining or HostState.Maintenance };

    /// <summary>The same facts as one migration finds them when its turn has come.</summary>
    /// <param name="vm">The VM that it moves.</param>
    /// <param name="begun">Of <see cref="Moves"/> those that take room now; the others wait, perhaps for this very one to make room.</param>
    public SiteFacts AtTheTurnOf(string vm, ImmutableArray<InFlightMove> begun)
    {
        var rest = inFlight.Where(f => f.Key != SubjectRef.Vm(vm)).ToDictionary();
        return With(site, rest, begun);
    }

    /// <summary>The same facts as if these hosts had come on and ran nothing yet.</summary>
    public SiteFacts WithHostsOn(IReadOnlySet<string> hosts) => With(site.With(h => hosts.Contains(h.Name) ? h with { State = HostState.On } : h), inFlight, Moves);

    private SiteFacts With(Site changed, IReadOnlyDictionary<SubjectRef, string> busy, ImmutableArray<InFlightMove> moves) => new(at, changed, metrics, freshness, busy)
    {
        EmptySince = EmptySince,
        Moves = moves,
        Held = Held,
        Holds = Holds,
        ArrivedAt = ArrivedAt,
        Waiting = Waiting,
        FailedToWake = FailedToWake,
        Observed = Observed,
        Lives = Lives,
        Orders = Orders,
        History = History,
        Zone = Zone,
        ToldToGo = ToldToGo,
        MayGoOff = MayGoOff,
        NoHistory = NoHistory,
        Remembered = Remembered,
    };

    public static string Describe(HostState state) => state switch
    {
        HostState.On => "on",
        HostState.Draining => "closed to newcomers",
        HostState.Maintenance => "in maintenance",
        HostState.PoweringOff => "powering off",
        HostState.Off => "off",
        HostState.PoweringOn => "powering on",
        HostState.Failed => "failed to wake",
        _ => "unreachable",
    };
}

/// <summary>A VM on its way from one host to another.</summary>
public sealed record InFlightMove(string Vm, string From, string To);
