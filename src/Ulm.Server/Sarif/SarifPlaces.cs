using Ulm.Dsl;
using Ulm.Dsl.Text;

namespace Ulm.Server.Sarif;

/// <summary>Places in policy files as SARIF writes them: a URI, and lines and columns of beginning and end.</summary>
internal sealed class SarifPlaces(IReadOnlyList<SourceText> sources, string folder)
{
    /// <summary>The name that code hosts know for the top of what is analysed.</summary>
    private const string SourceRoot = "%SRCROOT%";

    private readonly Dictionary<string, string> _texts = sources.ToDictionary(s => s.Name, s => s.Text, StringComparer.Ordinal);

    public SarifLocation At(string file, TextSpan span, int line, int column, string label) => new(
        new SarifPhysicalLocation(Artifact(file), Region(_texts[file].AsSpan(span.Start, span.Length), line, column)),
        label.Length == 0 ? null : SarifReport.Message(label));

    private SarifArtifactLocation Artifact(string file)
    {
        var full = Path.GetFullPath(file, folder);
        var relative = Path.GetRelativePath(folder, full);
        // A URI that climbs out of its base is none that others could resolve.
        return relative == ".." || relative.StartsWith("../", StringComparison.Ordinal)
            ? new SarifArtifactLocation("file://" + Escaped(full), null)
            : new SarifArtifactLocation(Escaped(relative), SourceRoot);
    }

    private static string Escaped(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static SarifRegion Region(ReadOnlySpan<char> text, int line, int column)
    {
        var (endLine, endColumn) = (line, column);
        for (var i = 0; i < text.Length; i++)
        {
            var endsLine = text[i] == '\n' || (text[i] == '\r' && !(i + 1 < text.Length && text[i + 1] == '\n'));
            (endLine, endColumn) = endsLine ? (endLine + 1, 1) : (endLine, endColumn + 1);
        }

        return new SarifRegion(line, column, endLine, endColumn);
    }
}
