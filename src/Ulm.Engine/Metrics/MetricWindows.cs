using System.Runtime.InteropServices;
using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Metrics;

/// <summary>A measured value on its way in: whose, which attribute, when captured.</summary>
/// <param name="Value">In the attribute's own unit.</param>
public readonly record struct Measurement(SubjectRef Subject, PolicyAttribute Attribute, DateTimeOffset At, double Value);

/// <summary>An attribute that was looked for and not found, with the reason: <c>h3's munin-node has no plugin `sensors_fan`</c>.</summary>
public readonly record struct Unmeasured(SubjectRef Subject, PolicyAttribute Attribute, string Because);

/// <summary>
/// Samples of the whole site, by attribute and subject: the latest of each, and as many of earlier times as the policies look back on. Not
/// thread-safe.
/// </summary>
public sealed class MetricWindows
{
    private readonly Dictionary<PolicyAttribute, Kept> _kept = [];
    private readonly Dictionary<(SubjectRef, PolicyAttribute), string> _unmeasured = [];
    private readonly HashSet<(SubjectRef, PolicyAttribute)> _undated = [];
    private MetricNeeds? _needs;

    /// <summary>What is kept of one attribute.</summary>
    private sealed class Kept(MetricNeed? need)
    {
        public MetricNeed? Need { get; set; } = need;

        public Dictionary<SubjectRef, Sample> Latest { get; } = [];

        public Dictionary<SubjectRef, SampleWindow> Windows { get; } = [];

        public Dictionary<SubjectRef, Forecaster> Forecasters { get; } = [];
    }

    /// <summary>From here on what these policies need is kept. What is kept already and still needed stays; before the first call the latest sample of everything is kept.</summary>
    public void Need(MetricNeeds needs)
    {
        _needs = needs;
        foreach (var (attribute, kept) in _kept.ToList())
        {
            if (!needs.IsKept(attribute)) _kept.Remove(attribute);
            else kept.Need = needs.Of(attribute);
            if (kept.Need is not { Window.Ticks: > 0 }) kept.Windows.Clear();
            foreach (var window in kept.Windows.Values) window.Keep = kept.Need!.Window;
            if (kept.Need is null or { Horizons.IsEmpty: true }) kept.Forecasters.Clear();
            foreach (var forecaster in kept.Forecasters.Values) forecaster.Forecast(kept.Need!.Horizons);
        }
    }

    /// <summary>Keeps a measurement. Values that are no number are dropped: a window holds only what was measured.</summary>
    public void Add(in Measurement measurement)
    {
        if (!double.IsFinite(measurement.Value)) return;
        if (!_kept.TryGetValue(measurement.Attribute, out var kept))
        {
            if (_needs is not null && !_needs.IsKept(measurement.Attribute)) return;
            _kept.Add(measurement.Attribute, kept = new Kept(_needs?.Of(measurement.Attribute)));
        }

        ref var latest = ref CollectionsMarshal.GetValueRefOrAddDefault(kept.Latest, measurement.Subject, out var known);
        if (known && measurement.At <= latest.At) return;
        latest = new Sample(measurement.At, measurement.Value);
        if (_undated.Count > 0) _undated.Remove((measurement.Subject, measurement.Attribute));
        if (kept.Need is { } need) Add(kept, need, measurement.Subject, latest);
    }

    public Sample? Latest(SubjectRef subject, PolicyAttribute attribute) =>
        _kept.TryGetValue(attribute, out var kept) && kept.Latest.TryGetValue(subject, out var latest) ? latest : null;

    /// <summary>The samples that are looked back on; null: none are kept, as nothing needs them or none has come.</summary>
    public SampleWindow? Window(SubjectRef subject, PolicyAttribute attribute) => _kept.GetValueOrDefault(attribute)?.Windows.GetValueOrDefault(subject);

    /// <summary>Null: nothing needs it or nothing was measured.</summary>
    public Forecaster? Forecaster(SubjectRef subject, PolicyAttribute attribute) => _kept.GetValueOrDefault(attribute)?.Forecasters.GetValueOrDefault(subject);

    /// <summary>The clock was set back: how old the latest samples are that bear no earlier time than this can't be told by it any more, nor once that time has come.</summary>
    public void ClockWasSetBack(DateTimeOffset to)
    {
        foreach (var (attribute, kept) in _kept)
            foreach (var (subject, sample) in kept.Latest) if (sample.At >= to) _undated.Add((subject, attribute));
    }

    /// <summary>The clock was set back by so much that nobody waits until it has caught up: what bears a time still to come makes way for what is measured next. All else is older than it seems by as much, and functions over time begin anew.</summary>
    public void StartAnew(DateTimeOffset now)
    {
        foreach (var (attribute, kept) in _kept)
        {
            kept.Windows.Clear();
            kept.Forecasters.Clear();
            foreach (var (subject, sample) in kept.Latest.Where(l => l.Value.At > now).ToList())
            {
                _undated.Add((subject, attribute));
                kept.Latest[subject] = sample with { At = DateTimeOffset.MinValue };
            }
        }
    }

    /// <summary>True: the latest sample is from before the clock was set back.</summary>
    public bool IsUndated(SubjectRef subject, PolicyAttribute attribute) => _undated.Count > 0 && _undated.Contains((subject, attribute));

    /// <summary>Takes what the last poll could not measure in the place of what the one before could not.</summary>
    public void NoteUnmeasured(IEnumerable<Unmeasured> unmeasured)
    {
        _unmeasured.Clear();
        foreach (var (subject, attribute, because) in unmeasured) _unmeasured[(subject, attribute)] = because;
    }

    /// <summary>Why the last poll brought no measurement; null: it brought one, or nobody knows.</summary>
    public string? WhyUnmeasured(SubjectRef subject, PolicyAttribute attribute) => _unmeasured.GetValueOrDefault((subject, attribute));

    /// <summary>Forgets a subject that is gone, so that a site where VMs come and go does not grow for ever.</summary>
    public void Forget(SubjectRef gone)
    {
        if (_undated.Count > 0) _undated.RemoveWhere(u => u.Item1 == gone);
        foreach (var kept in _kept.Values)
        {
            kept.Latest.Remove(gone);
            kept.Windows.Remove(gone);
            kept.Forecasters.Remove(gone);
        }
    }

    private static void Add(Kept kept, MetricNeed need, SubjectRef subject, Sample sample)
    {
        if (need.Window > TimeSpan.Zero)
        {
            if (!kept.Windows.TryGetValue(subject, out var window)) kept.Windows.Add(subject, window = new SampleWindow(need.Window));
            window.Add(sample);
        }

        if (need.Horizons.IsEmpty) return;
        if (!kept.Forecasters.TryGetValue(subject, out var forecaster)) kept.Forecasters.Add(subject, forecaster = new Forecaster(need.Horizons));
        forecaster.Add(sample);
    }
}
