using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Tests;

/// <summary>Short ways to compile one text.</summary>
internal static class Compiled
{
    public static CompilationResult Text(string text) => PolicyCompiler.Compile([new SourceText("test.ulm", text)]);

    public static string[] Codes(string text) => [.. Text(text).Diagnostics.Select(d => d.Code)];

    /// <summary>The one rule of a text without errors.</summary>
    public static Rule Rule(string text)
    {
        var result = Text(text);
        Assert.False(result.HasErrors, string.Join('\n', result.Diagnostics));
        return Assert.Single(result.Policies.Rules);
    }

    public static Diagnostic Single(string text) => Assert.Single(Text(text).Diagnostics);

    /// <summary>What a diagnostic underlines.</summary>
    public static string Underlined(string text, Diagnostic diagnostic) => text.Substring(diagnostic.Span.Start, diagnostic.Span.Length);
}
