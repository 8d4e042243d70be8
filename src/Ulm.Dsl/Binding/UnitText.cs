using System.Globalization;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Binding;

/// <summary>Units in the words and examples of the messages.</summary>
internal static class UnitText
{
    public static string Name(Unit unit) => unit switch
    {
        Unit.Percent => "a percentage",
        Unit.Count => "a plain number",
        Unit.Bytes => "a size",
        Unit.BytesPerSecond => "a data rate",
        Unit.Seconds => "a duration",
        Unit.Watts => "a power",
        Unit.Any => "whatever munin says",
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    public static string Example(Unit unit) => unit switch
    {
        Unit.Percent => "75%",
        Unit.Count => "2",
        Unit.Bytes => "4GiB",
        Unit.BytesPerSecond => "80MiB/s",
        Unit.Seconds => "10m",
        Unit.Watts => "200W",
        Unit.Any => "5",
        _ => throw new ArgumentOutOfRangeException(nameof(unit)),
    };

    /// <summary>What to write in place of a bare number, by the unit that is needed.</summary>
    public static string WithUnit(string number, Unit unit) => unit switch
    {
        Unit.Percent => $"write `{OnlyWay(number, unit)}`",
        Unit.Bytes => $"write `{number}MiB` or `{number}GiB`",
        Unit.BytesPerSecond => $"write `{number}MiB/s` or `{number}MB/s`",
        Unit.Watts => $"write `{number}W`",
        Unit.Seconds => $"write `{number}s`, `{number}m` or `{number}h`",
        _ => $"write a unit, for example `{Example(unit)}`",
    };

    /// <summary>The number with its unit, where there is only one to choose from; else null.</summary>
    public static string? OnlyWay(string number, Unit unit) => unit switch
    {
        // `0.75`: a share of one.
        Unit.Percent when decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share is > 0 and < 1 =>
            (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%",
        Unit.Percent => number + "%",
        Unit.Watts => number + "W",
        _ => null,
    };
}
