using System.Text.Json;
using Json.Schema;

namespace Ulm.Server.Tests.Sarif;

/// <summary>The JSON schema of SARIF 2.1.0 itself: what a reader of the format holds a log to.</summary>
internal static class SarifSchema
{
    private static readonly JsonSchema Schema = Load();

    /// <summary>Everything the schema objects to, each with its place; empty if the log is valid.</summary>
    public static IEnumerable<string> Faults(JsonElement log)
    {
        var result = Schema.Evaluate(log, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        return result.IsValid
            ? []
            : (result.Details ?? []).SelectMany(d => (d.Errors ?? []).Select(e => $"{d.InstanceLocation}: {e.Key}: {e.Value}")).DefaultIfEmpty("is not valid");
    }

    private static JsonSchema Load()
    {
        using var stream = typeof(SarifSchema).Assembly.GetManifestResourceStream("sarif-2.1.0.json")!;
        using var reader = new StreamReader(stream);
        return JsonSchema.FromText(reader.ReadToEnd());
    }
}
