using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ulm.Server.Reports;

/// <summary>
/// Puts the page together: one file that needs nothing else. Its content policy lets nothing run but the page's own script and lets it fetch nothing, so that
/// a name in a site can do no harm even if it got into the markup, which it does not: the script only ever sets text.
/// </summary>
internal static class ReportPage
{
    private static readonly string[] Scripts = ["base.js", "time.js", "layout.js", "totals.js", "lines.js", "heat.js", "arcs.js", "tables.js", "page.js"];

    /// <summary>Its encoder writes &lt;, &gt;, &amp; and all that is not ASCII as \uXXXX: no name ends the block early.</summary>
    private static readonly JsonSerializerOptions DataJson = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Default };

    public static string Of(ReportDocument document)
    {
        var style = Part("page.css");
        var script = $"\"use strict\";\n(() => {{\n{string.Concat(Scripts.Select(Part))}}})();\n";
        var page = new StringBuilder();
        foreach (var line in Part("page.html").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            page.Append(line.Trim() switch
            {
                "@POLICY@" => $"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'\">",
                "@TITLE@" => $"<title>{HtmlEncoder.Default.Encode($"Simulation of {document.Site}")}</title>",
                "@STYLE@" => $"<style>{style}</style>",
                "@DATA@" => $"<script type=\"application/json\" id=\"data\">{JsonSerializer.Serialize(document, DataJson)}</script>",
                "@SCRIPT@" => $"<script>{script}</script>",
                _ => line,
            }).Append('\n');
        }

        return page.ToString();
    }

    private static string Hash(string content) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}";

    private static string Part(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream($"report/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
