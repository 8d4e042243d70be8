using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Ulm.Server.Configuration;

/// <summary>Where in a TOML text each key and table stands, by the name that faults have for it: <c>polling.interval</c>, <c>host[2].power</c>.</summary>
internal sealed class ConfigPlaces
{
    private readonly Dictionary<string, (int Line, int Column)> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <param name="text">Sound TOML.</param>
    public ConfigPlaces(string text)
    {
        var document = SyntaxParser.ParseStrict(text);
        foreach (var pair in document.KeyValues) Note("", pair);
        foreach (var table in document.Tables)
        {
            var path = Named("", table.Name!, isArray: table is TableArraySyntax);
            _places.TryAdd(path, PlaceOf(table));
            foreach (var pair in table.Items) Note(path, pair);
        }
    }

    /// <returns>Of the key; where it is not in the text, of the table that it would be in. Null: of neither.</returns>
    public (int Line, int Column)? Of(string name)
    {
        for (var at = name; at.Length > 0; at = Outer(at))
            if (_places.TryGetValue(at, out var place)) return place;
        return null;
    }

    private static string Outer(string name) => name.LastIndexOf('.') is var dot and > 0 ? name[..dot] : "";

    private void Note(string path, KeyValueSyntax pair)
    {
        var name = Named(path, pair.Key!, isArray: false);
        _places.TryAdd(name, PlaceOf(pair));
        if (pair.Value is not InlineTableSyntax inline) return;
        foreach (var item in inline.Items) if (item.KeyValue is { } inner) Note(name, inner);
    }

    /// <summary>What stands below a table of several is the last one's.</summary>
    private string Named(string path, KeySyntax key, bool isArray)
    {
        string[] parts = [Bare(key.Key!), .. key.DotKeys.Select(d => Bare(d.Key!))];
        for (var i = 0; i < parts.Length; i++)
        {
            path = path.Length == 0 ? parts[i] : $"{path}.{parts[i]}";
            if (isArray && i == parts.Length - 1) _counts[path] = _counts.GetValueOrDefault(path) + 1;
            if (_counts.TryGetValue(path, out var last)) path += $"[{last}]";
        }

        return path;
    }

    private static string Bare(SyntaxNode key) => key.ToString().Trim().Trim('"', '\'');

    private static (int Line, int Column) PlaceOf(SyntaxNode node) => (node.Span.Start.Line + 1, node.Span.Start.Column + 1);
}
