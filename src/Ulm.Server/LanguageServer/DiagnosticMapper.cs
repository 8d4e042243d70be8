using System.Collections.Immutable;
using Ulm.Dsl;
using Ulm.Dsl.Diagnostics;

namespace Ulm.Server.LanguageServer;

/// <summary>From the compiler's diagnostics to the protocol's.</summary>
internal static class DiagnosticMapper
{
    public const string Source = "ulm";

    public static LspDiagnostic[] Of(string name, ImmutableArray<Diagnostic> diagnostics, ImmutableArray<SourceText> sources, Func<string, string> uriOf)
    {
        var texts = new Dictionary<string, OpenText>(StringComparer.Ordinal);
        return [.. diagnostics.Where(d => d.SourceFile == name).Select(d => new LspDiagnostic(
            TextOf(d.SourceFile).At(d.Span),
            d.Severity == DiagnosticSeverity.Error ? LspSeverity.Error : LspSeverity.Warning,
            d.Code,
            Source,
            Message(d),
            [.. d.Labels.Select(l => new RelatedInformation(new Location(uriOf(l.SourceFile), TextOf(l.SourceFile).At(l.Span)), l.Text))]))];

        OpenText TextOf(string file)
        {
            if (!texts.TryGetValue(file, out var text)) texts.Add(file, text = new OpenText(sources.First(s => s.Name == file).Text));
            return text;
        }
    }

    private static string Message(Diagnostic diagnostic)
    {
        var message = diagnostic.Label.Length > 0 ? $"{diagnostic.Message}: {diagnostic.Label}" : diagnostic.Message;
        return diagnostic.Help is { } help ? $"{message}\nhelp: {help}" : message;
    }
}
