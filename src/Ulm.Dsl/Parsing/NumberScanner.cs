using System.Text.RegularExpressions;

namespace Ulm.Dsl.Parsing;

/// <summary>Finds the end of whatever begins with a digit; what it means is told apart by the binder, which can say what is wrong with it.</summary>
internal static partial class NumberScanner
{
    /// <param name="isName">It stands where it names a host or VM, so that what follows is no unit of it: <c>vm 7 day: 5</c>.</param>
    public static int End(string text, int start, bool isName)
    {
        var end = start + 1;
        while (end < text.Length && (Scanner.IsWordPart(text[end]) || text[end] is '%' or ':' or '/' or '°'))
            end++;
        while (text[end - 1] is '.' or '-' or ':' or '/' && end - 1 > start)
            end--;
        return !isName && char.IsAsciiDigit(text[end - 1]) ? EndOfApart(text, start, end) : end;
    }

    // "10 m", "10 minutes", "8:30 am" or "07:00 - 20:00" is taken as one number with a fault in it, so that the message can be about that and the rest of
    // the sentence still counts.
    private static int EndOfApart(string text, int start, int end)
    {
        if (end >= text.Length || text[end] is not (' ' or '\t' or '–'))
            return end;
        if (text.AsSpan(start, end - start).Contains(':'))
            return (HalfOfDay().Match(text, end) is { Success: true } half ? half : RestOfWindow().Match(text, end)) is { Success: true } match ? match.Index + match.Length : end;
        if (HalfOfDay().Match(text, end) is { Success: true } hour)
            return hour.Index + hour.Length;
        var unit = end;
        while (unit < text.Length && text[unit] is ' ' or '\t')
            unit++;
        var after = EndOfUnit(text, unit);
        if (after == unit)
            return end;
        return After().Match(text, after) is { Success: true } more && EndOfUnit(text, more.Index + more.Length) is var last && last > more.Index + more.Length ? last : after;
    }

    private static int EndOfUnit(string text, int start)
    {
        foreach (var symbol in UnitTable.LongestFirst)
        {
            if (string.CompareOrdinal(text, start, symbol, 0, symbol.Length) == 0 && IsOver(text, start + symbol.Length))
                return start + symbol.Length;
        }
        foreach (var word in UnitTable.WordsLongestFirst)
        {
            if (string.Compare(text, start, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0 && IsOver(text, start + word.Length))
                return start + word.Length;
        }
        return start;
    }

    private static bool IsOver(string text, int at) => at >= text.Length || !Scanner.IsWordPart(text[at]);

    // `\G`: right at the place that is looked at.
    [GeneratedRegex(@"\G[ \t]+(am|pm|a\.m\.|p\.m\.)(?![\w-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HalfOfDay();

    [GeneratedRegex(@"\G[ \t]*[-–][ \t]*[0-9]+:[0-9]+(?![\w:-])")]
    private static partial Regex RestOfWindow();

    // `1 hour 30 minutes`
    [GeneratedRegex(@"\G[ \t]+(and[ \t]+)?[0-9]+[ \t]*")]
    private static partial Regex After();
}
