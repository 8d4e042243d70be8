using System.Globalization;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>Reads numbers in the kind their place asks for; says what is wrong and gives null where they are not of it.</summary>
internal sealed class QuantityReader(ParsedSentence sentence, DiagnosticBag bag)
{
    private const NumberStyles Number = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    /// <summary>A number, measured or bare; null where it can't be read at all.</summary>
    public QuantityValue? Value(QuantitySyntax quantity)
    {
        var place = sentence.At(quantity.Span);
        var text = quantity.Text;
        var apart = text.AsSpan().ContainsAny(' ', '\t');
        if (apart)
            text = string.Concat(text.Replace(" and ", "", StringComparison.Ordinal).Where(c => c is not (' ' or '\t')));
        var value = QuantityValue.Of(text);
        if (apart && value is not QuantityValue.UnknownUnit { Mended: not null })
            bag.Add(UnitDiagnostics.SeparatedUnit(place, text));
        switch (value)
        {
            case QuantityValue.Malformed:
                bag.Add(UnitDiagnostics.MalformedQuantity(place));
                return null;
            case QuantityValue.UnknownUnit unknown:
                bag.Add(UnitDiagnostics.UnknownUnit(place, unknown.Symbol, unknown.Mended));
                return null;
            default:
                return value;
        }
    }

    /// <param name="helpIfZero">What to write where no time at all was meant.</param>
    public TimeSpan? Duration(QuantitySyntax quantity, string helpIfZero)
    {
        if (Measured(quantity, Unit.Seconds) is not { } seconds)
            return null;
        var place = sentence.At(quantity.Span);
        if (seconds > CompilerLimits.LongestDuration.TotalSeconds)
            bag.Add(ScheduleDiagnostics.LongDuration(place));
        else if (seconds <= 0)
            bag.Add(ScheduleDiagnostics.ZeroDuration(place, helpIfZero));
        else if (seconds != Math.Floor(seconds))
            bag.Add(UnitDiagnostics.MalformedQuantity(place));
        else
            return TimeSpan.FromSeconds((long)seconds);
        return null;
    }

    /// <summary>A time after the start of a test: whole minutes, zero allowed.</summary>
    public TimeSpan? Offset(QuantitySyntax quantity)
    {
        if (Measured(quantity, Unit.Seconds) is not { } seconds)
            return null;
        var place = sentence.At(quantity.Span);
        if (seconds > CompilerLimits.LongestDuration.TotalSeconds)
            bag.Add(ScheduleDiagnostics.LongDuration(place));
        else if (seconds < 0 || seconds % 60 != 0)
            bag.Add(TestDiagnostics.NotAWholeMinute(place));
        else
            return TimeSpan.FromSeconds((long)seconds);
        return null;
    }

    public double? Percent(QuantitySyntax quantity)
    {
        if (Measured(quantity, Unit.Percent) is not { } percent)
            return null;
        if (percent is >= 0 and <= 100)
            return percent;
        bag.Add(UnitDiagnostics.PercentOutOfRange(sentence.At(quantity.Span)));
        return null;
    }

    /// <summary>A whole number.</summary>
    /// <param name="of">What is counted, for the message.</param>
    public int? Count(QuantitySyntax quantity, int least, string of = "hosts")
    {
        switch (Value(quantity))
        {
            case null:
                return null;
            case QuantityValue.Bare(var number) when number == Math.Floor(number) && number >= least && number <= CompilerLimits.HostCount:
                return (int)number;
            case QuantityValue.Bare:
                bag.Add(UnitDiagnostics.CountOutOfRange(sentence.At(quantity.Span), of, least));
                return null;
            case var other:
                bag.Add(UnitDiagnostics.WrongKind(sentence.At(quantity.Span), Describe(other), UnitText.Name(Unit.Count), UnitText.Example(Unit.Count)));
                return null;
        }
    }

    /// <summary>How many times as much: <c>4x</c>, <c>1.5x</c>.</summary>
    public double? Factor(QuantitySyntax quantity)
    {
        var place = sentence.At(quantity.Span);
        var value = QuantityValue.Of(quantity.Text);
        if (value is QuantityValue.UnknownUnit { Symbol: "x" } && double.TryParse(quantity.Text[..^1], Number, CultureInfo.InvariantCulture, out var factor))
        {
            if (factor is > 0 and <= CompilerLimits.LargestFactor)
                return factor;
            bag.Add(UnitDiagnostics.FactorOutOfRange(place));
        }
        else if (value is QuantityValue.Bare)
            bag.Add(UnitDiagnostics.MissingUnit(place, "a factor", $"write `{quantity.Text}x`", quantity.Text + "x"));
        else if (Value(quantity) is { } other)
            bag.Add(UnitDiagnostics.WrongKind(place, Describe(other), "a factor", "4x"));
        return null;
    }

    public TimeOnly? Time(QuantitySyntax quantity) => Time(quantity.Text, sentence.At(quantity.Span));

    /// <summary><c>07:00-20:00</c></summary>
    public (TimeOnly From, TimeOnly To)? TimeRange(QuantitySyntax quantity)
    {
        var tight = string.Concat(quantity.Text.Where(c => c is not (' ' or '\t'))).Replace('–', '-');
        var dash = quantity.Text.IndexOf('-', StringComparison.Ordinal);
        if (tight != quantity.Text || dash < 0 || quantity.Text.IndexOf('-', dash + 1) >= 0)
        {
            bag.Add(ScheduleDiagnostics.BadWindow(sentence.At(quantity.Span), tight == quantity.Text ? null : tight));
            return null;
        }
        var from = Time(quantity.Text[..dash], sentence.At(new TextSpan(quantity.Span.Start, dash)));
        var to = Time(quantity.Text[(dash + 1)..], sentence.At(TextSpan.FromBounds(quantity.Span.Start + dash + 1, quantity.Span.End)));
        return from is null || to is null ? null : (from.Value, to.Value);
    }

    /// <summary><c>2026-12-24</c></summary>
    public DateOnly? Date(QuantitySyntax quantity)
    {
        if (DateOnly.TryParseExact(quantity.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date;
        // Only forms that can be read one way are offered.
        string[] forms = ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy"];
        bag.Add(ScheduleDiagnostics.BadDate(sentence.At(quantity.Span),
            DateOnly.TryParseExact(quantity.Text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var meant) ? meant.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null));
        return null;
    }

    /// <summary>A whole number between two others, both included.</summary>
    public int? Whole(QuantitySyntax quantity, int least, int most)
    {
        if (int.TryParse(quantity.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        bag.Add(UnitDiagnostics.NotWhole(sentence.At(quantity.Span), least, most));
        return null;
    }

    private TimeOnly? Time(string text, Place place)
    {
        if (text is [>= '0' and <= '9', >= '0' and <= '9', ':', >= '0' and <= '9', >= '0' and <= '9'])
        {
            var hour = int.Parse(text.AsSpan(0, 2));
            var minute = int.Parse(text.AsSpan(3, 2));
            if (hour < 24 && minute < 60)
                return new TimeOnly(hour, minute);
        }
        bag.Add(ScheduleDiagnostics.BadTime(place, MendTime(text)));
        return null;
    }

    public static string Describe(QuantityValue value) => value switch
    {
        QuantityValue.Bare => UnitText.Name(Unit.Count),
        QuantityValue.Measured m => UnitText.Name(m.Unit),
        QuantityValue.TimeOfDay => "a time of day",
        _ => "not a quantity",
    };

    private double? Measured(QuantitySyntax quantity, Unit unit)
    {
        switch (Value(quantity))
        {
            case null:
                return null;
            case QuantityValue.Measured m when m.Unit == unit:
                return m.Value;
            case QuantityValue.Bare:
                bag.Add(UnitDiagnostics.MissingUnit(sentence.At(quantity.Span), UnitText.Name(unit), UnitText.WithUnit(quantity.Text, unit), UnitText.OnlyWay(quantity.Text, unit)));
                return null;
            case var other:
                bag.Add(UnitDiagnostics.WrongKind(sentence.At(quantity.Span), Describe(other), UnitText.Name(unit), UnitText.Example(unit)));
                return null;
        }
    }

    private static string? MendTime(string text)
    {
        if (text.StartsWith("24:00", StringComparison.Ordinal))
            return "00:00";
        // `8pm`, `8:30 a.m.`
        var letters = string.Concat(text.Where(char.IsAsciiLetter)).ToLowerInvariant();
        var half = letters is "am" or "pm" ? letters : null;
        var parts = (half is null ? text : text[..text.AsSpan().IndexOfAny("apAP ")]).Split(':', '.', 'h');
        if (parts.Length is not (1 or 2) || !int.TryParse(parts[0], out var hour) || !int.TryParse(parts.Length == 2 && parts[1].Length > 0 ? parts[1] : "0", out var minute))
            return null;
        if (half is not null)
            hour = hour is >= 1 and <= 12 ? (hour % 12) + (half == "pm" ? 12 : 0) : -1;
        return hour is >= 0 and < 24 && minute is >= 0 and < 60 ? $"{hour:00}:{minute:00}" : null;
    }
}
