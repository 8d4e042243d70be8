using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Text.Json;
using Ulm.Dsl.Text;
using Ulm.Engine.Inventory;
using Ulm.Engine.Simulation;
using Ulm.Server.Commands;

namespace Ulm.Server.Snapshots;

/// <summary>What shall go wrong in a simulation.</summary>
/// <param name="Seed">What is left to chance; null: the file does not say.</param>
public sealed record FaultPlan(ImmutableArray<SimulatedFault> Faults, int? Seed);

/// <summary>Reads a file of faults, <c>ulm.faults/1</c>. All of it is sound or none of it is given.</summary>
/// <param name="start">Of the run: times may be written as a time after it.</param>
/// <param name="zone">Of times that are written without one.</param>
internal sealed class FaultFile(JsonFile file, Site site, DateTimeOffset start, TimeZoneInfo zone, FileFaults faults)
{
    public const string Schema = "ulm.faults/1";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    private static readonly SortedDictionary<string, FaultKind> Kinds = new(
        Enum.GetValues<FaultKind>().ToDictionary(k => JsonNamingPolicy.KebabCaseLower.ConvertName(k.ToString())), StringComparer.Ordinal);

    /// <returns>Null where anything is wrong; <paramref name="faults"/> has it.</returns>
    public static FaultPlan? Read(string path, Site site, DateTimeOffset start, TimeZoneInfo zone, FileFaults faults)
    {
        if (JsonFile.Read(path, faults) is not { } file) return null;
        var read = new FaultFile(file, site, start, zone, faults).ReadAll();
        return faults.Any ? null : read;
    }

    private FaultPlan? ReadAll()
    {
        var fields = new FieldReader(file.Root, "a file of faults", faults, file.Positions);
        if (file.Root.Kind != JsonTokenType.StartObject)
        {
            fields.Fault(file.Root, "a file of faults is one JSON object", $"write `{{ \"schema\": \"{Schema}\", \"faults\": [ ... ] }}`");
            return null;
        }

        fields.Knows("schema", "seed", "faults");
        if (fields.Text("schema", $"write `\"schema\": \"{Schema}\"` first") is { } schema && schema != Schema)
            fields.Fault(fields.Find("schema")!, $"the schema is \"{schema}\", not \"{Schema}\"", "another kind of file, or one of a newer version");
        if (fields.Find("faults") is not { } list) fields.Missing("faults", "write `\"faults\": [ ... ]`");
        else if (list.Kind != JsonTokenType.StartArray) fields.Fault(list, $"`faults` is {list.KindInWords}, where a list is needed");
        else return new FaultPlan([.. list.Items.Select(ReadOne).OfType<SimulatedFault>()], fields.Whole("seed", int.MinValue, int.MaxValue));
        return null;
    }

    private SimulatedFault? ReadOne(JsonNode node)
    {
        var before = faults.Count;
        var fields = new FieldReader(node, "a fault", faults, file.Positions);
        if (node.Kind != JsonTokenType.StartObject)
        {
            fields.Fault(node, $"a fault is {node.KindInWords}, where an object is needed");
            return null;
        }

        fields.Knows("kind", "hosts", "vms", "at", "for", "every", "chancePercent");
        var kind = Kind(fields);
        var fault = new SimulatedFault(
            kind ?? default,
            Pattern(fields, "hosts", "host", site.Hosts.Select(h => h.Name)),
            Pattern(fields, "vms", "vm", site.Vms.Select(v => v.Name)))
        {
            At = At(fields),
            For = Duration(fields, "for"),
            Every = Duration(fields, "every"),
            Chance = (fields.Number("chancePercent", 0, 100) ?? 100) / 100,
        };
        if (kind is { } known) CheckTogether(fields, known);
        return faults.Count == before ? fault : null;
    }

    private static void CheckTogether(FieldReader fields, FaultKind kind)
    {
        var name = Kinds.First(k => k.Value == kind).Key;
        var (ofMigrations, lasts) = (kind is FaultKind.MigrationFails or FaultKind.MigrationStalls, kind is FaultKind.HostCrash or FaultKind.LibvirtSilent or FaultKind.MuninSilent);
        if (!ofMigrations && fields.Find("vms") is { } vms) fields.Fault(vms, $"`{name}` strikes hosts, not VMs", "write `hosts`, or leave it out for all of them");
        if (lasts && fields.Find("chancePercent") is { } chance)
            fields.Fault(chance, $"`{name}` has no chance: it is there for its whole time", "for one that comes at random write how often: `\"every\": \"30d\"`");
        if (fields.Find("every") is not null && fields.Find("for") is null) fields.Missing("for", "what comes again and again lasts for a time: `\"for\": \"10m\"`");
    }

    private static FaultKind? Kind(FieldReader fields)
    {
        if (fields.Text("kind", $"kinds are {string.Join(", ", Kinds.Keys.Select(k => $"`{k}`"))}") is not { } text) return null;
        if (Kinds.TryGetValue(text, out var kind)) return kind;
        fields.Fault(fields.Find("kind")!, $"\"{text}\" is not a kind of fault",
            NearestWord.Find(text, Kinds.Keys) is { } nearest ? $"did you mean `{nearest}`?" : $"kinds are {string.Join(", ", Kinds.Keys.Select(k => $"`{k}`"))}");
        return null;
    }

    private static string Pattern(FieldReader fields, string field, string noun, IEnumerable<string> names)
    {
        if (fields.Text(field) is not { } pattern) return "*";
        if (names.Any(n => FileSystemName.MatchesSimpleExpression(pattern, n, ignoreCase: false))) return pattern;
        fields.Fault(fields.Find(field)!, pattern.AsSpan().ContainsAny('*', '?') ? $"no {noun} of the site fits `{pattern}`" : $"the site has no {noun} {pattern}", NearestWord.Find(pattern, names) is { } nearest ? $"did you mean `{nearest}`?" : null);
        return pattern;
    }

    private DateTimeOffset? At(FieldReader fields)
    {
        if (fields.Text("at") is not { } text) return null;
        if (DurationText.Parse(text) is { } after) return start + after;
        if (TimeText.TryParse(text, zone) is { } at) return at.ToUniversalTime();
        fields.Fault(fields.Find("at")!, $"`at` is \"{text}\", which is no time", "write a time such as 2026-01-05T20:00, or how long after the beginning, such as 3h");
        return null;
    }

    private static TimeSpan? Duration(FieldReader fields, string field)
    {
        if (fields.Text(field) is not { } text) return null;
        if (DurationText.Parse(text) is { } duration && duration > TimeSpan.Zero && duration <= Longest) return duration;
        fields.Fault(fields.Find(field)!, $"`{field}` is \"{text}\", which is no duration above zero", "write a number and its unit, such as 90s, 10m, 1h30m or 2d");
        return null;
    }
}
