using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Ulm.Dsl.Text;

namespace Ulm.Server.Snapshots;

/// <summary>Reads the fields of one object of a snapshot. What is wrong is noted, and the reading goes on with null.</summary>
/// <param name="what">What the object is, for messages: <c>a host</c>.</param>
internal sealed class FieldReader(JsonNode node, string what, FileFaults faults, TextPositions positions)
{
    private const int LongestText = 200;

    private readonly Dictionary<string, JsonNode> _fields = new(StringComparer.Ordinal);

    /// <summary>Notes fields that are not known or stand twice. To be called first.</summary>
    public FieldReader Knows(params ReadOnlySpan<string> known)
    {
        foreach (var field in node.Fields)
        {
            if (!known.Contains(field.Name)) Fault(field, $"`{field.Name}` is not a field of {what}", UnknownHelp(field.Name, known));
            else if (!_fields.TryAdd(field.Name, field)) Fault(field, $"`{field.Name}` stands twice in one {What}", "keep one of the two");
        }

        return this;
    }

    public JsonNode? Find(string field) => _fields.GetValueOrDefault(field);

    public string? Text(string field, string? helpIfMissing = null)
    {
        if (!_fields.TryGetValue(field, out var value))
        {
            if (helpIfMissing is not null) Missing(field, helpIfMissing);
            return null;
        }

        if (value.Kind != JsonTokenType.String || value.Text is null) Fault(value, $"`{field}` is {value.KindInWords}, where a text is needed");
        else if (value.Text.Length is 0 or > LongestText || string.IsNullOrWhiteSpace(value.Text) || value.Text.Any(char.IsControl))
            Fault(value, $"`{field}` can't be {value.Shown}", $"write 1 to {LongestText} printable characters");
        else return value.Text;
        return null;
    }

    public int? Whole(string field, int least, int most, string? helpIfMissing = null)
    {
        if (Number(field, least, most, helpIfMissing) is not { } number) return null;
        if (number == Math.Floor(number)) return (int)number;
        Fault(_fields[field], $"`{field}` is {_fields[field].Shown}, where a whole number is needed");
        return null;
    }

    public double? Number(string field, double least, double most, string? helpIfMissing = null)
    {
        if (_fields.TryGetValue(field, out var value)) return Number(value, $"`{field}`", least, most);
        if (helpIfMissing is not null) Missing(field, helpIfMissing);
        return null;
    }

    /// <param name="name">What to call it in messages.</param>
    public double? Number(JsonNode value, string name, double least, double most)
    {
        if (value.Kind != JsonTokenType.Number)
            Fault(value, $"{name} is {value.KindInWords}, where a number is needed",
                value.Kind == JsonTokenType.String ? "write the number bare, without quotes and without a unit: the field's name says the unit" : null);
        else if (!(value.Number >= least && value.Number <= most))
            Fault(value, string.Create(CultureInfo.InvariantCulture, $"{name} is {value.Shown}, outside {least:#,0.###} to {most:#,0.###}"));
        else return value.Number;
        return null;
    }

    public ImmutableHashSet<string> Tags(string field)
    {
        if (!_fields.TryGetValue(field, out var value)) return [];
        if (value.Kind != JsonTokenType.StartArray)
        {
            Fault(value, $"`{field}` is {value.KindInWords}, where a list of texts is needed", $"write `\"{field}\": [\"ssd\"]`");
            return [];
        }

        foreach (var wrong in value.Items.Where(i => string.IsNullOrWhiteSpace(i.Text) || i.Text.Any(char.IsControl)))
            Fault(wrong, $"{(field == "tags" ? "a tag" : $"an item of `{field}`")} is {wrong.KindInWords}, where a text is needed");
        return [.. value.Items.Select(i => i.Text).OfType<string>()];
    }

    public void Missing(string field, string help) => Fault(node, $"{Named()} has no `{field}`", help);

    public void Fault(JsonNode at, string message, string? help = null) => faults.Add(at, positions, message, help);

    private string What => what[(what.IndexOf(' ') + 1)..];

    /// <summary><c>host h3</c> where it has a name, else <c>a host</c>.</summary>
    private string Named() => Find("name")?.Text is { Length: > 0 and <= LongestText } name ? $"{What} {name}" : what;

    private static string UnknownHelp(string name, ReadOnlySpan<string> known)
    {
        var fields = known.ToArray();
        var nearest = NearestWord.Find(name, fields)
            ?? fields.FirstOrDefault(f => f.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(f, StringComparison.OrdinalIgnoreCase));
        return nearest is not null ? $"did you mean `{nearest}`?" : $"known are {string.Join(", ", fields.Select(f => $"`{f}`"))}";
    }
}
