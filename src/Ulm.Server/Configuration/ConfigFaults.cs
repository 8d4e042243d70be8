using System.Text.RegularExpressions;

namespace Ulm.Server.Configuration;

/// <summary>All that is wrong with a configuration, each fault with its place; and which keys each table knows, to say where a key belongs that stands elsewhere.</summary>
internal sealed partial class ConfigFaults
{
    private readonly List<(string Name, Func<string> Text)> _faults = [];
    private readonly Dictionary<string, HashSet<string>> _known = new(StringComparer.Ordinal);

    public void Add(string name, string text) => _faults.Add((name, () => text));

    /// <param name="text">Asked once all tables are read.</param>
    public void Add(string name, Func<string> text) => _faults.Add((name, text));

    public void Knows(string table, string key)
    {
        var name = Index().Replace(table, "");
        if (!_known.TryGetValue(name, out var keys)) _known.Add(name, keys = new HashSet<string>(StringComparer.Ordinal));
        keys.Add(key);
    }

    /// <summary>As it is written at the head of the table that has such a key: <c>[server]</c>, <c>[[host]]</c>. Null: none has, or several.</summary>
    public string? TableOf(string key) => _known.Where(t => t.Key.Length > 0 && t.Value.Contains(key)).Select(t => t.Key).ToList() is [var only]
        ? only is "host" or "hook" or "channel" ? $"[[{only}]]" : $"[{only}]"
        : null;

    /// <summary>A line each, in the order of the text.</summary>
    public IReadOnlyList<string> In(string file, string text)
    {
        if (_faults.Count == 0) return [];
        var places = new ConfigPlaces(text);
        // Defaults that many hosts share are read for each of them.
        return [.. _faults.Select(f => (Place: places.Of(f.Name), f.Name, Text: f.Text())).OrderBy(f => f.Place).Distinct()
            .Select(f => $"{file}{(f.Place is { } at ? $":{at.Line}:{at.Column}" : "")}: {f.Name}: {f.Text}")];
    }

    [GeneratedRegex(@"\[[0-9]+\]")]
    private static partial Regex Index();
}
