using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;
using Ulm.Server.Commands;
using Ulm.Server.Explanations;

namespace Ulm.Server.Sarif;

/// <summary>From diagnostics to SARIF.</summary>
public static class SarifReport
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

    // The standard forbids null; a list that may be left out is null here.
    private static readonly JsonSerializerOptions Json = new(CommonOptions.Json) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Every code that <c>validate</c> may ever show, used or not: the log of a clean run says what was looked for.</summary>
    private static readonly ImmutableArray<DiagnosticDescriptor> Rules =
        [.. DiagnosticCatalogue.All.Concat(SiteNames.All).Concat(ConfigNames.All).OrderBy(d => d.Code, StringComparer.Ordinal)];

    /// <param name="folder">What file names are made relative to: the folder the command was started in.</param>
    public static string Write(IEnumerable<Diagnostic> diagnostics, IReadOnlyList<SourceText> sources, string folder)
    {
        var places = new SarifPlaces(sources, folder);
        var log = new SarifLog(Schema, "2.1.0",
        [
            new SarifRun(
                new SarifTool(new SarifDriver("ulm-server", VersionCommand.Version, [.. Rules.Select(Rule)])),
                [new SarifInvocation(ExecutionSuccessful: true)],
                "utf16CodeUnits",
                [.. diagnostics.Select(d => Result(d, places))]),
        ]);
        return JsonSerializer.Serialize(log, Json);
    }

    private static SarifRule Rule(DiagnosticDescriptor descriptor)
    {
        var page = ExplanationCatalogue.Find(descriptor.Code)!.Text;
        return new SarifRule(
            descriptor.Code,
            new SarifText(descriptor.Title),
            new SarifText(MarkdownText.Of(page), page),
            new SarifConfiguration(Level(descriptor.DefaultSeverity)),
            new SarifProperties([descriptor.Category.ToString().ToLowerInvariant()]));
    }

    private static SarifResult Result(Diagnostic diagnostic, SarifPlaces places)
    {
        var help = diagnostic.Help is { Length: > 0 } text ? $"; help: {text}" : "";
        return new SarifResult(
            diagnostic.Code,
            Rules.IndexOf(diagnostic.Descriptor),
            Level(diagnostic.Severity),
            Message(diagnostic.Message + help),
            [places.At(diagnostic.SourceFile, diagnostic.Span, diagnostic.Line, diagnostic.Column, diagnostic.Label)],
            diagnostic.Labels.IsEmpty ? null : [.. diagnostic.Labels.Select(l => places.At(l.SourceFile, l.Span, l.Line, l.Column, l.Text))]);
    }

    /// <summary>In a message, braces stand for arguments unless they are doubled.</summary>
    internal static SarifText Message(string text) => new(text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    private static string Level(DiagnosticSeverity severity) => severity == DiagnosticSeverity.Error ? "error" : "warning";
}
