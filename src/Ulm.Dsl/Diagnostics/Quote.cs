using System.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>Puts words of the user into a message: marked, not too long, and unable to steer a terminal.</summary>
internal static class Quote
{
    private const int Longest = 40;

    public static string Code(string text) => $"`{Clean(text)}`";

    public static string Clean(string text)
    {
        var shown = text.Length > Longest ? text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)] + "…" : text;
        return Printable(shown);
    }

    /// <summary>Control characters and halves of surrogate pairs become <c>�</c>; the length stays.</summary>
    public static string Printable(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                result.Append(text[i]).Append(text[++i]);
            else
                result.Append(char.IsControl(text[i]) || char.IsSurrogate(text[i]) || IsBidiControl(text[i]) ? '�' : text[i]);
        }
        return result.ToString();
    }

    // These reorder what a reader sees without being seen themselves.
    private static bool IsBidiControl(char c) => c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F';

    /// <summary><c>a, b or c</c>.</summary>
    public static string List(IReadOnlyList<string> items, string last = "or") => items.Count switch
    {
        0 => "",
        1 => items[0],
        _ => string.Join(", ", items.Take(items.Count - 1)) + $" {last} {items[^1]}",
    };
}
