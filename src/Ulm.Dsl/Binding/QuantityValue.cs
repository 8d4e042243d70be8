using System.Globalization;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Binding;

/// <summary>What a number with whatever stands behind it turned out to be.</summary>
internal abstract record QuantityValue
{
    private const int LongestMended = 40;

    private QuantityValue() { }

    public sealed record Bare(double Value) : QuantityValue;

    public sealed record Measured(double Value, Unit Unit) : QuantityValue;

    public sealed record TimeOfDay : QuantityValue;

    /// <param name="Mended">The text with the unit that was most likely meant; null where there is none.</param>
    public sealed record UnknownUnit(string Symbol, string? Mended) : QuantityValue;

    public sealed record Malformed : QuantityValue;

    /// <param name="text">Without blanks.</param>
    public static QuantityValue Of(string text)
    {
        if (text.Contains(':'))
            return new TimeOfDay();
        var at = 0;
        var total = 0.0;
        UnitTable.Entry? last = null;
        do
        {
            if (ReadNumber(text, ref at) is not { } number)
                return new Malformed();
            var digits = text[..at];
            var symbol = ReadSymbol(text, ref at);
            if (symbol.Length == 0)
                return last is null && at == text.Length ? new Bare(number) : new Malformed();
            if (UnitTable.Find(symbol) is not { } entry)
                return new UnknownUnit(symbol, UnitTable.Nearest(symbol) is { } nearest ? WithoutFault(digits + nearest + text[at..]) : null);
            // Only durations are put together, from long to short: 1h30m.
            if (last is not null && (entry.Unit != Unit.Seconds || last.Unit != Unit.Seconds || entry.Factor >= last.Factor))
                return new Malformed();
            total += number * entry.Factor;
            last = entry;
        }
        while (at < text.Length);
        return double.IsFinite(total) ? new Measured(total, last.Unit) : new Malformed();
    }

    // `1hour30minutes` has two to mend.
    private static string? WithoutFault(string text) => text.Length > LongestMended ? null : Of(text) switch
    {
        UnknownUnit next => next.Mended,
        Malformed => null,
        _ => text,
    };

    private static double? ReadNumber(string text, ref int at)
    {
        var start = at;
        if (at == 0 && text[0] is '-' or '+')
            at++;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
            at++;
        return double.TryParse(text.AsSpan(start, at - start), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value)
            ? value
            : null;
    }

    private static string ReadSymbol(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && !char.IsAsciiDigit(text[at]) && text[at] is not ('.' or '-' or '+'))
            at++;
        return text[start..at];
    }
}
