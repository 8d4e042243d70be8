namespace Ulm.Munin;

/// <summary>The answer to <c>fetch</c>. Protocol: https://guide.munin-monitoring.org/en/latest/plugin/protocol-multigraph.html.</summary>
internal sealed class FetchParser(string plugin, NamePool names) : IResponseParser
{
    /// <summary>Far more than any plugin sends, stamped values of a whole outage included.</summary>
    internal const int MaxValues = 100_000;

    private readonly List<MuninValues> _graphs = [];
    private int _count;
    private string _graph = plugin;
    private List<MuninValue>? _values;

    public string? Take(ReadOnlySpan<byte> line, DateTimeOffset capturedAt)
    {
        if (!FieldLine.TryParse(line, out var parsed)) return "'field.value number'";
        if (parsed.Field.IsEmpty)
        {
            if (!parsed.Attribute.SequenceEqual("multigraph"u8) || !Names.IsGraph(parsed.Text))
                return "'field.value number' or 'multigraph name'";
            (_graph, _values) = (names.Get(parsed.Text), null);
            return null;
        }
        if (!parsed.Attribute.SequenceEqual("value"u8)) return null; // field.extinfo and the like: allowed, of no use here
        if (++_count > MaxValues) return $"at most {MaxValues} values";
        if (_values is null) _graphs.Add(new MuninValues(_graph, capturedAt, _values = []));
        _values.Add(ValueParser.Parse(names.Get(parsed.Field), parsed.Text, capturedAt));
        return null;
    }

    public IReadOnlyList<MuninValues> Result() => _graphs;
}
