using Ulm.Dsl.Policies;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Simulation;

/// <summary>Figures that are given rather than modelled, one row for each attribute of a subject: what a trace or a test says was measured.</summary>
public sealed class MetricReplay
{
    private readonly Dictionary<PolicyAttribute, Dictionary<string, Row>> _rows = [];

    /// <summary>True of what is measured; what follows from the inventory is as the site is.</summary>
    public static bool CanReplay(PolicyAttribute attribute) =>
        attribute.Subject != SubjectKind.Cluster && attribute != PolicyAttribute.HostVms && attribute != PolicyAttribute.HostMemoryTotal && attribute != PolicyAttribute.HostIdleFor;

    public bool IsEmpty => _rows.Count == 0;

    public IEnumerable<PolicyAttribute> Attributes => _rows.Keys;

    /// <param name="values">In the attribute's unit, one a step; NaN: missed. Each holds until the next.</param>
    /// <param name="repeats">After the last value: true begins again (a trace), false stays with it (a test).</param>
    public void Add(SubjectRef subject, PolicyAttribute attribute, DateTimeOffset start, TimeSpan step, double[] values, bool repeats)
    {
        if (!_rows.TryGetValue(attribute, out var rows)) _rows.Add(attribute, rows = new Dictionary<string, Row>(StringComparer.Ordinal));
        rows[subject.Name] = new Row(start, step, values, repeats);
    }

    public bool Has(SubjectRef subject, PolicyAttribute attribute) =>
        attribute.Subject == subject.Kind && _rows.TryGetValue(attribute, out var rows) && rows.ContainsKey(subject.Name);

    /// <returns>False where no row drives this; a null value: a missed poll.</returns>
    public bool TryRead(SubjectRef subject, PolicyAttribute attribute, DateTimeOffset at, out double? value)
    {
        value = null;
        if (attribute.Subject != subject.Kind || !_rows.TryGetValue(attribute, out var rows) || !rows.TryGetValue(subject.Name, out var row)) return false;
        value = row.At(at);
        return true;
    }

    private readonly record struct Row(DateTimeOffset Start, TimeSpan Step, double[] Values, bool Repeats)
    {
        public double? At(DateTimeOffset at)
        {
            if (Values.Length == 0) return null;
            var index = (long)Math.Floor((at - Start) / Step);
            if (Repeats) index = (index % Values.Length + Values.Length) % Values.Length;
            var value = Values[Math.Clamp(index, 0, Values.Length - 1)];
            return double.IsNaN(value) ? null : value;
        }
    }
}
