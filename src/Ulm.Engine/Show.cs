using System.Globalization;
using Ulm.Dsl.Policies;

namespace Ulm.Engine;

/// <summary>How quantities are shown to people, everywhere the same: in reasons, refusals and the journal.</summary>
public static class Show
{
    public static string Percent(double value) => value.ToString("0.#", CultureInfo.InvariantCulture) + "%";

    public static string Bytes(double bytes) => Math.Abs(bytes) switch
    {
        >= 1L << 40 => Scaled(bytes, 1L << 40, "TiB"),
        >= 1L << 30 => Scaled(bytes, 1L << 30, "GiB"),
        >= 1L << 20 => Scaled(bytes, 1L << 20, "MiB"),
        >= 1L << 10 => Scaled(bytes, 1L << 10, "KiB"),
        _ => Scaled(bytes, 1, "B"),
    };

    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero) return "-" + Duration(-duration);
        if (duration < TimeSpan.FromMinutes(2)) return Math.Round(duration.TotalSeconds, 1).ToString("0.#", CultureInfo.InvariantCulture) + "s";
        if (duration < TimeSpan.FromHours(2)) return Joined((int)duration.TotalMinutes, "m", duration.Seconds, "s");
        if (duration < TimeSpan.FromDays(2)) return Joined((int)duration.TotalHours, "h", duration.Minutes, "m");
        return Joined((int)duration.TotalDays, "d", duration.Hours, "h");
    }

    public static string Value(double value, Unit unit) => unit switch
    {
        Unit.Percent => Percent(value),
        Unit.Bytes => Bytes(value),
        Unit.BytesPerSecond => Bytes(value) + "/s",
        Unit.Seconds => Duration(TimeSpan.FromSeconds(value)),
        Unit.Watts => value.ToString("0.#", CultureInfo.InvariantCulture) + "W",
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static string Scaled(double value, double scale, string unit) => (value / scale).ToString("0.#", CultureInfo.InvariantCulture) + unit;

    private static string Joined(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
