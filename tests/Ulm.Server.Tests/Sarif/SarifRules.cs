using System.Text.Json;

namespace Ulm.Server.Tests.Sarif;

/// <summary>
/// What SARIF 2.1.0 demands of the objects that the server writes: its schema, and from the clauses of the standard that are named
/// what a schema can't say.
/// </summary>
internal static class SarifRules
{
    private delegate void Rule(JsonElement value, string at, List<string> faults);

    /// <summary>Everything that is wrong with a log, each with its place; empty if nothing is.</summary>
    public static List<string> Faults(JsonElement log)
    {
        var faults = SarifSchema.Faults(log).ToList();
        if (faults.Count == 0) Log(log, "log", faults);
        if (faults.Count == 0) Runs(log, faults);
        return faults;
    }

    private static readonly Rule Text = Of(JsonValueKind.String);
    private static readonly Rule FilledText = (v, at, f) => Check(v.ValueKind == JsonValueKind.String && v.GetString()!.Length > 0, at, "is a text of at least one character", f);
    private static readonly Rule Level = OneOf("none", "note", "warning", "error");

    // 3.10: URIs are valid, and relative ones have no `.` or `..` in them (3.10.1).
    private static readonly Rule UriReference = (v, at, f) => Check(
        v.ValueKind == JsonValueKind.String && Uri.IsWellFormedUriString(v.GetString(), UriKind.RelativeOrAbsolute) && !v.GetString()!.Split('/').Any(s => s is "." or ".."),
        at, "is a URI reference in normal form", f);

    // 3.11.5: a brace that is no placeholder is doubled.
    private static readonly Rule MessageText = (v, at, f) =>
    {
        FilledText(v, at, f);
        if (v.ValueKind == JsonValueKind.String)
            Check(!v.GetString()!.Replace("{{", "").Replace("}}", "").Any(c => c is '{' or '}'), at, "has no single brace", f);
    };

    // 3.11.8: text is there wherever markdown is.
    private static readonly Rule Message = Object(["text"], ("text", MessageText), ("markdown", FilledText));

    // 3.12
    private static readonly Rule MultiformatText = Object(["text"], ("text", FilledText), ("markdown", FilledText));

    // 3.4
    private static readonly Rule ArtifactLocation = Object(["uri"], ("uri", UriReference), ("uriBaseId", FilledText));

    // 3.30.5 to 3.30.8
    private static readonly Rule Region = Object(["startLine", "startColumn", "endLine", "endColumn"],
        ("startLine", AtLeast(1)), ("startColumn", AtLeast(1)), ("endLine", AtLeast(1)), ("endColumn", AtLeast(1)));

    // 3.28, 3.29
    private static readonly Rule Location = Object(["physicalLocation"],
        ("physicalLocation", Object(["artifactLocation", "region"], ("artifactLocation", ArtifactLocation), ("region", Region))), ("message", Message));

    // 3.27
    private static readonly Rule Result = Object(["ruleId", "ruleIndex", "level", "message", "locations"],
        ("ruleId", FilledText), ("ruleIndex", AtLeast(0)), ("level", Level), ("message", Message), ("locations", List(Location, 1)), ("relatedLocations", List(Location, 1)));

    // 3.49, 3.50, 3.8
    private static readonly Rule Descriptor = Object(["id", "shortDescription", "help", "defaultConfiguration"],
        ("id", FilledText), ("shortDescription", MultiformatText), ("help", MultiformatText), ("defaultConfiguration", Object(["level"], ("level", Level))),
        ("properties", Object(["tags"], ("tags", List(FilledText, 1)))));

    // 3.18, 3.19
    private static readonly Rule Tool = Object(["driver"], ("driver", Object(["name", "version", "rules"], ("name", FilledText), ("version", FilledText), ("rules", List(Descriptor, 1)))));

    // 3.13, 3.14, 3.20.14
    private static readonly Rule Log = Object(["$schema", "version", "runs"],
        ("$schema", Text), ("version", OneOf("2.1.0")),
        ("runs", List(Object(["tool", "invocations", "columnKind", "results"],
            ("tool", Tool), ("invocations", List(Object(["executionSuccessful"], ("executionSuccessful", Of(JsonValueKind.True, JsonValueKind.False))), 1)),
            ("columnKind", OneOf("utf16CodeUnits", "unicodeCodePoints")), ("results", List(Result, 0))), 1)));

    // What holds between objects: an index leads to the rule of that name (3.27.6), and no region ends before it begins (3.30.7, 3.30.8).
    private static void Runs(JsonElement log, List<string> faults)
    {
        foreach (var run in log.GetProperty("runs").EnumerateArray())
        {
            var ids = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
            Check(ids.Distinct().Count() == ids.Count, "rules", "have different ids", faults);
            foreach (var result in run.GetProperty("results").EnumerateArray())
            {
                var index = result.GetProperty("ruleIndex").GetInt32();
                Check(index < ids.Count && ids[index] == result.GetProperty("ruleId").GetString(), "ruleIndex", "leads to the rule named", faults);
                var places = result.GetProperty("locations").EnumerateArray().Concat(result.TryGetProperty("relatedLocations", out var more) ? more.EnumerateArray() : []);
                foreach (var region in places.Select(p => p.GetProperty("physicalLocation").GetProperty("region")))
                {
                    int Number(string name) => region.GetProperty(name).GetInt32();
                    Check((Number("endLine"), Number("endColumn")).CompareTo((Number("startLine"), Number("startColumn"))) >= 0, "region", "ends behind its beginning", faults);
                }
            }
        }
    }

    private static Rule Of(params JsonValueKind[] kinds) => (v, at, f) => Check(kinds.Contains(v.ValueKind), at, $"is {string.Join(" or ", kinds)}", f);

    private static Rule OneOf(params string[] values) => (v, at, f) =>
        Check(v.ValueKind == JsonValueKind.String && values.Contains(v.GetString()), at, $"is one of {string.Join(", ", values)}", f);

    private static Rule AtLeast(int least) => (v, at, f) => Check(v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out var n) && n >= least, at, $"is a whole number from {least}", f);

    private static Rule List(Rule item, int least) => (v, at, f) =>
    {
        Check(v.ValueKind == JsonValueKind.Array && v.GetArrayLength() >= least, at, $"is a list of {least} or more", f);
        if (v.ValueKind != JsonValueKind.Array) return;
        var i = 0;
        foreach (var element in v.EnumerateArray()) item(element, $"{at}[{i++}]", f);
    };

    private static Rule Object(string[] required, params (string Name, Rule Rule)[] properties) => (v, at, f) =>
    {
        Check(v.ValueKind == JsonValueKind.Object, at, "is an object", f);
        if (v.ValueKind != JsonValueKind.Object) return;
        foreach (var name in required) Check(v.TryGetProperty(name, out _), at, $"has {name}", f);
        foreach (var property in v.EnumerateObject())
        {
            var known = properties.FirstOrDefault(p => p.Name == property.Name);
            Check(known.Rule is not null, $"{at}.{property.Name}", "is a property of the standard", f);
            known.Rule?.Invoke(property.Value, $"{at}.{property.Name}", f);
        }
    };

    private static void Check(bool holds, string at, string what, List<string> faults)
    {
        if (!holds) faults.Add($"{at}: {what}");
    }
}
