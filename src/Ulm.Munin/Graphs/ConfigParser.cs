using System.Globalization;
using System.Text;

namespace Ulm.Munin;

/// <summary>
/// The answer to <c>config</c>, values included where the plugin does dirtyconfig. Protocol, all at
/// https://guide.munin-monitoring.org/en/latest: reference/plugin.html, plugin/protocol-multigraph.html, plugin/protocol-dirtyconfig.html.
/// </summary>
internal sealed class ConfigParser(string plugin, NamePool names) : IResponseParser
{
    /// <summary>Far more than any plugin has; each costs a hundred times the memory of the few bytes a hostile node spends on it.</summary>
    internal const int MaxFields = 20_000;

    private readonly List<GraphBuilder> _graphs = [];
    private readonly Dictionary<string, GraphBuilder> _byName = [];
    private int _fields;
    private int _values;
    private string _name = plugin;
    private GraphBuilder? _graph;

    public string? Take(ReadOnlySpan<byte> line, DateTimeOffset capturedAt)
    {
        if (!FieldLine.TryParse(line, out var parsed)) return "'field.attribute text' or 'graph_attribute text'";
        if (parsed.Field.IsEmpty && parsed.Attribute.SequenceEqual("multigraph"u8))
        {
            if (!Names.IsGraph(parsed.Text)) return "'multigraph name'";
            _name = names.Get(parsed.Text);
            _graph = _byName.GetValueOrDefault(_name); // a plugin may come back to a graph
            return null;
        }
        if (_graph is null)
        {
            if (++_fields > MaxFields) return $"at most {MaxFields} fields and graphs";
            _graphs.Add(_graph = new GraphBuilder(_name));
            _byName.Add(_name, _graph);
        }
        var attribute = names.Get(parsed.Attribute);
        if (parsed.Field.IsEmpty)
        {
            _graph.Attributes[attribute] = Encoding.UTF8.GetString(parsed.Text);
            return null;
        }
        var field = _graph.Field(names.Get(parsed.Field), ref _fields);
        if (_fields > MaxFields) return $"at most {MaxFields} fields and graphs";
        if (attribute == "value")
        {
            if (++_values > FetchParser.MaxValues) return $"at most {FetchParser.MaxValues} values";
            _graph.CapturedAt = capturedAt;
            _graph.Values.Add(ValueParser.Parse(field.Name, parsed.Text, capturedAt));
            return null;
        }
        return field.Take(attribute, Encoding.UTF8.GetString(parsed.Text));
    }

    public IReadOnlyList<MuninGraph> Result() => [.. _graphs.Select(g => g.Build())];

    private sealed class GraphBuilder(string name)
    {
        private readonly List<FieldBuilder> _fields = [];
        private readonly Dictionary<string, FieldBuilder> _byName = [];

        public Dictionary<string, string> Attributes { get; } = [];
        public List<MuninValue> Values { get; } = [];
        public DateTimeOffset CapturedAt { get; set; }

        public FieldBuilder Field(string field, ref int made)
        {
            if (_byName.TryGetValue(field, out var known)) return known;
            made++;
            _fields.Add(_byName[field] = known = new FieldBuilder(field));
            return known;
        }

        public MuninGraph Build() => new(name, Attributes, [.. _fields.Select(f => f.Build())],
            Values.Count == 0 ? null : new MuninValues(name, CapturedAt, Values));
    }

    private sealed class FieldBuilder(string name)
    {
        private readonly Dictionary<string, string> _attributes = [];
        private MuninFieldType _type = MuninFieldType.Gauge;
        private double? _min;
        private double? _max;

        public string Name => name;

        public string? Take(string attribute, string text)
        {
            _attributes[attribute] = text;
            return attribute switch
            {
                "type" => TakeType(text),
                "min" => TakeLimit(text, out _min),
                "max" => TakeLimit(text, out _max),
                _ => null,
            };
        }

        public MuninField Build() => new(name, _attributes.GetValueOrDefault("label", name), _type, _min, _max,
            _attributes.GetValueOrDefault("cdef"), _attributes.GetValueOrDefault("draw"), _attributes);

        private string? TakeType(string text)
        {
            (_type, var known) = text.ToUpperInvariant() switch
            {
                "GAUGE" => (MuninFieldType.Gauge, true),
                "DERIVE" => (MuninFieldType.Derive, true),
                "COUNTER" => (MuninFieldType.Counter, true),
                "ABSOLUTE" => (MuninFieldType.Absolute, true),
                _ => (MuninFieldType.Gauge, false),
            };
            return known ? null : "GAUGE, DERIVE, COUNTER or ABSOLUTE";
        }

        private static string? TakeLimit(string text, out double? limit)
        {
            limit = null;
            if (text is "" or "U" or "u") return null;
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || double.IsNaN(number))
                return "a number or U";
            limit = number;
            return null;
        }
    }
}
