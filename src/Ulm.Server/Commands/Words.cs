using System.Globalization;

namespace Ulm.Server.Commands;

/// <summary>Small things of written English and of terminals.</summary>
internal static class Words
{
    /// <summary><c>no errors</c>, <c>1 error</c>, <c>2 errors</c>.</summary>
    public static string Count(int count, string noun) => count switch
    {
        0 => $"no {noun}s",
        1 => $"1 {noun}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}s"),
    };

    /// <summary><c>a</c>, <c>a or b</c>, <c>a, b or c</c>.</summary>
    public static string List(IReadOnlyList<string> items, string last) =>
        items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.Take(items.Count - 1))} {last} {items[^1]}";

    /// <summary>The first five, and that there are more.</summary>
    public static string Few(IEnumerable<string> items) => items.Take(6).ToList() is { Count: > 5 } more ? $"{string.Join(", ", more.Take(5))} and others" : string.Join(", ", items);

    public static string Bold(this Terminal terminal, string text) => terminal.Colour ? $"\e[1m{text}\e[0m" : text;

    public static string Dim(this Terminal terminal, string text) => terminal.Colour ? $"\e[2m{text}\e[0m" : text;

    public static string Red(this Terminal terminal, string text) => terminal.Colour ? $"\e[31m{text}\e[0m" : text;
}
