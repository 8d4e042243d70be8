using System.Text.Json;

namespace Ulm.Server.Tests.Sarif;

/// <summary>What SARIF 2.1.0 demands of a log: its schema, and, from the clauses of the standard that are named, what a schema can't say.</summary>
internal static class SarifRules
{
    /// <summary>Everything that is wrong with a log, each with its place; empty if nothing is.</summary>
    public static List<string> Faults(JsonElement log)
    {
        var faults = SarifSchema.Faults(log).ToList();
        if (faults.Count > 0) return faults;
        Texts(log, "log", faults);
        foreach (var run in log.GetProperty("runs").EnumerateArray()) Run(run, faults);
        return faults;
    }

    private static void Texts(JsonElement value, string at, List<string> faults)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var i = 0;
            foreach (var element in value.EnumerateArray()) Texts(element, $"{at}[{i++}]", faults);
        }

        if (value.ValueKind != JsonValueKind.Object) return;
        foreach (var property in value.EnumerateObject())
        {
            var text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : null;
            // 3.10: URIs are valid, and relative ones have no `.` or `..` in them (3.10.1).
            if (property.Name == "uri")
                Check(Uri.IsWellFormedUriString(text, UriKind.RelativeOrAbsolute) && !text!.Split('/').Any(s => s is "." or ".."), $"{at}.uri", "is a URI reference in normal form", faults);
            // 3.11.5: a brace that is no placeholder is doubled. The texts of rules (3.12) have no placeholders.
            if (property.Name == "message" && property.Value.TryGetProperty("text", out var message))
                Check(message.GetString() is { Length: > 0 } m && !m.Replace("{{", "").Replace("}}", "").Any(c => c is '{' or '}'), $"{at}.message", "says something, and has no single brace", faults);
            // 3.11.8, 3.12.3: text is there wherever markdown is.
            if (property.Name == "markdown") Check(value.TryGetProperty("text", out _), at, "has a text beside its markdown", faults);
            Texts(property.Value, $"{at}.{property.Name}", faults);
        }
    }

    // What holds between objects: an index leads to the rule of that name (3.27.6), and no region ends before it begins (3.30.7, 3.30.8).
    private static void Run(JsonElement run, List<string> faults)
    {
        var ids = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
        Check(ids.Distinct().Count() == ids.Count, "rules", "have different ids", faults);
        foreach (var result in run.GetProperty("results").EnumerateArray())
        {
            var index = result.GetProperty("ruleIndex").GetInt32();
            Check(index >= 0 && index < ids.Count && ids[index] == result.GetProperty("ruleId").GetString(), "ruleIndex", "leads to the rule named", faults);
            var places = result.GetProperty("locations").EnumerateArray().Concat(result.TryGetProperty("relatedLocations", out var more) ? more.EnumerateArray() : []);
            foreach (var region in places.Select(p => p.GetProperty("physicalLocation").GetProperty("region")))
            {
                int Number(string name) => region.GetProperty(name).GetInt32();
                Check((Number("endLine"), Number("endColumn")).CompareTo((Number("startLine"), Number("startColumn"))) >= 0, "region", "ends behind its beginning", faults);
            }
        }
    }

    private static void Check(bool holds, string at, string what, List<string> faults)
    {
        if (!holds) faults.Add($"{at}: {what}");
    }
}
