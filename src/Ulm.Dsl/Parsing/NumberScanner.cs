namespace Ulm.Dsl.Parsing;

/// <summary>Finds the end of whatever begins with a digit; what it means is told apart by the binder, which can say what is wrong with it.</summary>
internal static class NumberScanner
{
    public static int End(string text, int start)
    {
        var end = start + 1;
        while (end < text.Length && (Scanner.IsWordPart(text[end]) || text[end] is '%' or ':' or '/'))
            end++;
        while (text[end - 1] is '.' or '-' or ':' or '/' && end - 1 > start)
            end--;
        return char.IsAsciiDigit(text[end - 1]) ? EndOfSeparatedUnit(text, start, end) : end;
    }

    // "10 m" is taken as one number with a fault in it, so that the message can be about the space and the rest of the sentence still counts.
    private static int EndOfSeparatedUnit(string text, int start, int end)
    {
        if (text.AsSpan(start, end - start).IndexOf(':') >= 0)
            return end;
        var unit = end;
        while (unit < text.Length && text[unit] is ' ' or '\t')
            unit++;
        if (unit == end)
            return end;
        foreach (var symbol in UnitTable.LongestFirst)
        {
            if (string.CompareOrdinal(text, unit, symbol, 0, symbol.Length) != 0)
                continue;
            var after = unit + symbol.Length;
            if (after >= text.Length || !Scanner.IsWordPart(text[after]))
                return after;
        }
        return end;
    }
}
