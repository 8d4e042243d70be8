using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;
using Ulm.Engine.Metrics;

namespace Ulm.Engine.Facts;

/// <summary>
/// All of one instant's facts that rules and planners may read, in plain data: kept, and made facts again, they give the same answers. What was begun
/// before is not here: the journal has it.
/// </summary>
public sealed record FactsRecord(DateTimeOffset At, string Zone, TimeSpan PollingInterval, ImmutableArray<Host> Hosts, ImmutableArray<Vm> Vms)
{
    public ImmutableArray<Sample> Samples { get; init; } = [];

    public ImmutableArray<Missing> Unmeasured { get; init; } = [];

    public ImmutableArray<OverTime> OverTimes { get; init; } = [];

    public ImmutableArray<Doing> InFlight { get; init; } = [];

    public ImmutableArray<InFlightMove> Moves { get; init; } = [];

    public ImmutableArray<BegunAction> Waiting { get; init; } = [];

    public ImmutableArray<HostOrder> Orders { get; init; } = [];

    public ImmutableArray<HostLife> Lives { get; init; } = [];

    /// <summary>Of hosts that something is being done to: in which state they were observed, beneath that.</summary>
    public ImmutableDictionary<string, HostState> Observed { get; init; } = ImmutableDictionary<string, HostState>.Empty;

    public ImmutableArray<OperatorHold> Holds { get; init; } = [];

    public ImmutableDictionary<string, DateTimeOffset> EmptySince { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    public ImmutableDictionary<string, DateTimeOffset> ArrivedAt { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    public ImmutableDictionary<string, string> Held { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableHashSet<string> ToldToGo { get; init; } = [];

    public ImmutableArray<MayGoOff> MayGoOff { get; init; } = [];

    public ImmutableHashSet<string> FailedToWake { get; init; } = [];

    /// <param name="Of"><c>host/h1</c></param>
    public sealed record Sample(SubjectRef Of, string Attribute, DateTimeOffset At, double Value);

    public sealed record Missing(SubjectRef Of, string Attribute, string Because);

    /// <param name="Because">Why it is unknown; null: it is known.</param>
    public sealed record OverTime(SubjectRef Of, TimeFunction Function, string Attribute, TimeSpan Window, double? Value, DateTimeOffset At, DateTimeOffset Since, double? Error, string? Because);

    public sealed record Doing(SubjectRef To, string What);

    /// <param name="reads">Attributes that anything reads.</param>
    /// <param name="overTime">What is made of earlier samples.</param>
    public static FactsRecord Of(SiteFacts facts, IReadOnlySet<PolicyAttribute> reads, IEnumerable<Fact.OverTime> overTime) => new(facts.At, facts.Zone.Id, facts.PollingInterval, facts.Site.Hosts, facts.Site.Vms)
    {
        Samples = [.. facts.Latest(reads).Select(m => new Sample(m.Subject, m.Attribute.Name, m.At, m.Value))],
        Unmeasured = [.. facts.Unmeasured(reads).Select(u => new Missing(u.Subject, u.Attribute.Name, u.Because))],
        OverTimes = [.. from fact in overTime from subject in facts.Site.Subjects(fact.Kind) select OverTimeOf(subject, fact, facts.Read(subject, fact))],
        InFlight = [.. facts.InFlight.Select(f => new Doing(f.Key, f.Value))],
        Moves = facts.Moves,
        Waiting = facts.Waiting,
        Orders = [.. facts.Orders.Values],
        Holds = [.. facts.Holds.Values],
        Lives = [.. facts.Lives.Values],
        Observed = facts.Observed.Hosts.Where(h => facts.Site.FindHost(h.Name) is { } now && now.State != h.State).ToImmutableDictionary(h => h.Name, h => h.State),
        EmptySince = facts.EmptySince,
        ArrivedAt = facts.ArrivedAt.ToImmutableDictionary(),
        Held = facts.Held,
        ToldToGo = [.. facts.ToldToGo],
        MayGoOff = [.. facts.MayGoOff.Values],
        FailedToWake = facts.FailedToWake,
    };

    /// <param name="history">What was begun before then.</param>
    public SiteFacts ToFacts(ActionHistory history)
    {
        var metrics = new MetricWindows();
        foreach (var sample in Samples) if (PolicyAttribute.Find(sample.Attribute) is { } attribute) metrics.Add(new Measurement(sample.Of, attribute, sample.At, sample.Value));
        metrics.NoteUnmeasured(from missing in Unmeasured let attribute = PolicyAttribute.Find(missing.Attribute) where attribute is not null select new Unmeasured(missing.Of, attribute, missing.Because));
        var site = new Site(Hosts, Vms);
        return new SiteFacts(At, site, metrics, new Freshness(PollingInterval), InFlight.ToDictionary(f => f.To, f => f.What))
        {
            Remembered = OverTimes.Where(o => PolicyAttribute.Find(o.Attribute) is not null).ToDictionary(o => (o.Of, new Fact.OverTime(o.Function, PolicyAttribute.Find(o.Attribute)!, o.Window)), ReadingOf),
            Moves = Moves,
            Waiting = Waiting,
            Orders = Orders.ToImmutableDictionary(o => o.Host, StringComparer.Ordinal),
            Holds = Holds.ToImmutableDictionary(h => h.Subject),
            Lives = Lives.ToImmutableDictionary(l => l.Host, StringComparer.Ordinal),
            Observed = site.With(h => Observed.TryGetValue(h.Name, out var state) ? h with { State = state } : h),
            EmptySince = EmptySince,
            ArrivedAt = ArrivedAt,
            Held = Held,
            ToldToGo = ToldToGo,
            MayGoOff = MayGoOff.ToImmutableDictionary(m => m.Host, StringComparer.Ordinal),
            FailedToWake = FailedToWake,
            History = history,
            Zone = TimeZoneInfo.FindSystemTimeZoneById(Zone),
        };
    }

    private static OverTime OverTimeOf(SubjectRef subject, Fact.OverTime fact, Reading reading) => reading.IsKnown
        ? new(subject, fact.Function, fact.Read.Name, fact.Window, reading.Value, reading.At, reading.Since, reading.Error, null)
        : new(subject, fact.Function, fact.Read.Name, fact.Window, null, default, default, null, reading.UnknownBecause);

    private static Reading ReadingOf(OverTime kept) => kept.Value is { } value ? Reading.Known(value, kept.At, kept.Since, kept.Error) : Reading.Unknown(kept.Because ?? "not kept");
}
