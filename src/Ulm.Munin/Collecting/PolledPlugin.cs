namespace Ulm.Munin;

/// <summary>What the collector remembers of a plugin between polls: its fields, each with its rate. Not thread-safe.</summary>
internal sealed class PolledPlugin(string name)
{
    private Dictionary<string, Dictionary<string, PolledField>> _graphs = [];

    public string Name => name;
    public bool HasConfig { get; private set; }
    public long ConfigReadAt { get; private set; }

    /// <summary>The node's count of connections when the configuration was read.</summary>
    public int ConfigConnection { get; private set; }

    /// <summary>Asked last in the next poll, so that it can't use up the time of those that work.</summary>
    public bool FailedLast { get; set; }

    public IEnumerable<string> Graphs => _graphs.Keys;

    /// <summary>
    /// Takes over a configuration. A field that is measured as before keeps its series; a field no longer there is forgotten.
    /// </summary>
    public void Configure(IReadOnlyList<MuninGraph> graphs, long readAt, int connection, TimeSpan maxGap)
    {
        var before = _graphs;
        _graphs = [];
        foreach (var graph in graphs)
        {
            var known = before.GetValueOrDefault(graph.Name);
            var fields = new Dictionary<string, PolledField>(graph.Fields.Count);
            foreach (var field in graph.Fields)
                fields[field.Name] = known?.GetValueOrDefault(field.Name) is { } same && same.IsMeasuredAs(field)
                    ? same
                    : new PolledField($"{graph.Name}.{field.Name}", field, maxGap);
            _graphs[graph.Name] = fields;
        }
        (HasConfig, ConfigReadAt, ConfigConnection) = (true, readAt, connection);
    }

    /// <summary>The first value that the configuration does not know, as <c>graph.field</c>; null if there is none.</summary>
    public string? FindStray(IReadOnlyList<MuninValues> values)
    {
        foreach (var graph in values)
        {
            var fields = _graphs.GetValueOrDefault(graph.Graph);
            foreach (var value in graph.Values)
                if (fields is null || !fields.ContainsKey(value.Field)) return $"{graph.Graph}.{value.Field}";
        }
        return null;
    }

    /// <summary>Feeds the values to the rates, in order; values of unknown fields are left out.</summary>
    public void Take(IReadOnlyList<MuninValues> values, DateTimeOffset now)
    {
        foreach (var graph in values)
            if (_graphs.TryGetValue(graph.Graph, out var fields))
                foreach (var value in graph.Values)
                    if (fields.TryGetValue(value.Field, out var field)) field.Take(value, now);
    }

    public void ResetRates(string because)
    {
        foreach (var fields in _graphs.Values)
            foreach (var field in fields.Values)
                field.ResetRate(because);
    }

    /// <summary>Hands over one reading a field. Where another plugin has already given a reading of that name, returns the name.</summary>
    public string? Report(Dictionary<string, MuninReading> readings, DateTimeOffset now, string missing)
    {
        string? clash = null;
        foreach (var fields in _graphs.Values)
            foreach (var field in fields.Values)
                if (!readings.TryAdd(field.Key, field.TakeReading(now, missing))) clash ??= field.Key;
        return clash;
    }

    public void ForgetConfig() => HasConfig = false;
}
