using System.Globalization;
using Tomlyn.Model;
using Ulm.Dsl.Text;
using Ulm.Server.Commands;

namespace Ulm.Server.Configuration;

/// <summary>
/// One table of the configuration. Every question that fails adds a fault, in full words, to the one list of the file; asking goes on,
/// so that all faults are told at once. Keys nobody asked for are faults too: a misspelt limit must not pass in silence.
/// </summary>
internal sealed class ConfigSection(TomlTable table, string path, ConfigFaults faults)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Keys that another table says for this one, with the name they have there.</summary>
    private readonly Dictionary<string, string> _inherited = new(StringComparer.Ordinal);

    public bool Has(string key) => table.ContainsKey(key);

    /// <summary>Makes a key known without reading it.</summary>
    public void Known(string key)
    {
        if (_asked.Add(key)) faults.Knows(path, key);
    }

    public void Fault(string key, string text) => faults.Add(_inherited.GetValueOrDefault(key) ?? Name(key), text);

    public string Text(string key, string? otherwise = null)
    {
        switch (Value(key))
        {
            case string text when text.Contains('\0'): Fault(key, "must not contain a NUL character"); return "";
            case string text when text.Length > 0: return text;
            case null when otherwise is not null: return otherwise;
            case null: Fault(key, "is missing"); return "";
            default: Fault(key, "must be a text in quotes, not empty"); return "";
        }
    }

    public string? OptionalText(string key)
    {
        Known(key);
        return Has(key) ? Text(key) : null;
    }

    public int Whole(string key, int otherwise, int least, int most)
    {
        switch (Value(key))
        {
            case null: return otherwise;
            case long number when number >= least && number <= most: return (int)number;
            default: Fault(key, $"must be a whole number from {least} to {most}"); return otherwise;
        }
    }

    public double Number(string key, double otherwise, double least, double most)
    {
        double? value = Value(key) switch { null => otherwise, long whole => whole, double real => real, _ => null };
        if (value is { } number && number >= least && number <= most) return number;
        Fault(key, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}"));
        return otherwise;
    }

    public TimeSpan Duration(string key, TimeSpan otherwise, TimeSpan least, TimeSpan most)
    {
        if (Value(key) is not { } value) return otherwise;
        if (value is string text && DurationText.Parse(text) is { } duration && duration >= least && duration <= most) return duration;
        Fault(key, $"must be a duration such as \"10s\" or \"5m\", from {Engine.Show.Duration(least)} to {Engine.Show.Duration(most)}");
        return otherwise;
    }

    public bool Flag(string key, bool otherwise)
    {
        switch (Value(key))
        {
            case null: return otherwise;
            case bool flag: return flag;
            default: Fault(key, "must be true or false"); return otherwise;
        }
    }

    public IReadOnlyList<string> Texts(string key)
    {
        if (Value(key) is not { } value) return [];
        if (value is TomlArray array && array.All(a => a is string)) return [.. array.Cast<string>()];
        Fault(key, "must be a list of texts");
        return [];
    }

    public IReadOnlyList<double> Numbers(string key)
    {
        if (Value(key) is not { } value) return [];
        if (value is TomlArray array && array.All(a => a is long or double)) return [.. array.Select(a => Convert.ToDouble(a, CultureInfo.InvariantCulture))];
        Fault(key, "must be a list of numbers");
        return [];
    }

    /// <summary>A table of texts and numbers, as texts; empty where it is not there.</summary>
    public IReadOnlyDictionary<string, string> Table(string key)
    {
        if (Value(key) is not { } value) return new Dictionary<string, string>();
        if (value is TomlTable inner && inner.Values.All(v => v is string or long or bool))
            return inner.ToDictionary(p => p.Key, p => p.Value is bool yes ? (yes ? "1" : "0") : Convert.ToString(p.Value, CultureInfo.InvariantCulture)!, StringComparer.Ordinal);
        Fault(key, "must be a table of texts, whole numbers, and true or false");
        return new Dictionary<string, string>();
    }

    /// <summary>This table with these keys of another one below it: what it does not say itself is as said there.</summary>
    public ConfigSection Over(ConfigSection below, IEnumerable<string> inherited)
    {
        var merged = new TomlTable();
        var over = new ConfigSection(merged, path, faults);
        foreach (var key in inherited.Where(k => below.Has(k) && !Has(k))) (merged[key], over._inherited[key]) = (below.ValueOf(key), below.Name(key));
        foreach (var (key, value) in table) merged[key] = value;
        return over;
    }

    private object ValueOf(string key) => table[key];

    /// <summary>A table within this one; an empty one where it is not there.</summary>
    public ConfigSection Section(string key)
    {
        if (Value(key) is not { } value) return new ConfigSection([], Name(key), faults);
        if (value is TomlTable inner) return new ConfigSection(inner, Name(key), faults);
        Fault(key, "must be a table");
        return new ConfigSection([], Name(key), faults);
    }

    public IReadOnlyList<ConfigSection> Sections(string key)
    {
        if (Value(key) is not { } value) return [];
        if (value is TomlTableArray tables) return [.. tables.Select((t, i) => new ConfigSection(t, $"{Name(key)}[{i + 1}]", faults))];
        Fault(key, $"must be written as [[{key}]]");
        return [];
    }

    /// <summary>To be called once all questions are asked.</summary>
    public void RefuseOthers()
    {
        foreach (var key in table.Keys.Where(k => !_asked.Contains(k)))
        {
            faults.Add(Name(key), () => faults.TableOf(key) is { } table ? $"is not known here; it belongs in {table}, below that line"
                : NearestWord.Find(key, _asked) is { } nearest ? $"is not known; did you mean {nearest}?"
                : $"is not known; known here: {string.Join(", ", _asked.Order())}");
        }
    }

    private object? Value(string key)
    {
        Known(key);
        return table.TryGetValue(key, out var value) ? value : null;
    }

    private string Name(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
