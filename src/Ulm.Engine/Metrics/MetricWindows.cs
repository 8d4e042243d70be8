using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Metrics;

/// <summary>A measured value on its way in: whose, which attribute, when captured.</summary>
/// <param name="Value">In the attribute's own unit.</param>
public readonly record struct Measurement(SubjectRef Subject, PolicyAttribute Attribute, DateTimeOffset At, double Value);

/// <summary>An attribute that was looked for and not found, with the reason: <c>h3's munin-node has no plugin `sensors_fan`</c>.</summary>
public readonly record struct Unmeasured(SubjectRef Subject, PolicyAttribute Attribute, string Because);

/// <summary>Sample windows of the whole site, by subject and attribute. Not thread-safe.</summary>
public sealed class MetricWindows
{
    /// <summary>An hour and a bit of samples at one a minute; longer memory is the store's.</summary>
    private const int SamplesKept = 64;

    private readonly Dictionary<(SubjectRef, PolicyAttribute), SampleWindow> _windows = [];
    private readonly Dictionary<(SubjectRef, PolicyAttribute), string> _unmeasured = [];

    /// <summary>Keeps a measurement. Values that are no number are dropped: a window holds only what was measured.</summary>
    public void Add(in Measurement measurement)
    {
        if (!double.IsFinite(measurement.Value)) return;
        var key = (measurement.Subject, measurement.Attribute);
        if (!_windows.TryGetValue(key, out var window)) _windows.Add(key, window = new SampleWindow(SamplesKept));
        window.Add(new Sample(measurement.At, measurement.Value));
    }

    public Sample? Latest(SubjectRef subject, PolicyAttribute attribute) =>
        _windows.TryGetValue((subject, attribute), out var window) ? window.Latest : null;

    /// <summary>Takes what the last poll could not measure in the place of what the one before could not.</summary>
    public void NoteUnmeasured(IEnumerable<Unmeasured> unmeasured)
    {
        _unmeasured.Clear();
        foreach (var (subject, attribute, because) in unmeasured) _unmeasured[(subject, attribute)] = because;
    }

    /// <summary>Why the last poll brought no measurement; null: it brought one, or nobody knows.</summary>
    public string? WhyUnmeasured(SubjectRef subject, PolicyAttribute attribute) => _unmeasured.GetValueOrDefault((subject, attribute));

    /// <summary>Forgets subjects that are gone, so that a site where VMs come and go does not grow for ever.</summary>
    public void Keep(Func<SubjectRef, bool> exists)
    {
        foreach (var key in _windows.Keys.Where(k => !exists(k.Item1)).ToList()) _windows.Remove(key);
    }
}
