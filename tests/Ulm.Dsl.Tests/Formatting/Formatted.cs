using Ulm.Dsl.Formatting;

namespace Ulm.Dsl.Tests.Formatting;

/// <summary>Short ways to format one text.</summary>
internal static class Formatted
{
    public static string Text(string text)
    {
        var result = PolicyFormatter.Format(new SourceText("test.ulm", text));
        return result is FormatResult.Formatted formatted ? formatted.Text : throw new Xunit.Sdk.XunitException($"{result}\n{text}");
    }
}
