using System.Globalization;
using Ulm.Dsl.Policies;

namespace Ulm.Engine;

/// <summary>How quantities are shown to people, everywhere the same: in reasons, refusals and the journal.</summary>
public static class Show
{
    /// <summary>Of a value that is hardly another; beyond that nothing was measured.</summary>
    private const int MostDecimals = 6;

    public static string Percent(double value) => Percent(value, 1);

    public static string Bytes(double bytes) => Bytes(bytes, 1);

    /// <summary>As a policy writes it, in the two largest units: <c>45.5s</c>, <c>1m30s</c>, <c>1h</c>, <c>24h</c>, <c>2d7h</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration < TimeSpan.Zero) return "-" + Duration(-duration);
        if (Math.Round(duration.TotalSeconds, 1) < 60) return Math.Round(duration.TotalSeconds, 1).ToString("0.#", CultureInfo.InvariantCulture) + "s";
        var whole = TimeSpan.FromSeconds(Math.Round(duration.TotalSeconds));
        if (whole < TimeSpan.FromHours(1)) return Joined(whole.Minutes, "m", whole.Seconds, "s");
        return whole < TimeSpan.FromDays(2) ? Joined((int)whole.TotalHours, "h", whole.Minutes, "m") : Joined(whole.Days, "d", whole.Hours, "h");
    }

    /// <summary>In the zone that it is given in, which is said: <c>2026-01-05 20:00:00 +01:00</c>, <c>2026-01-05 19:00:00 UTC</c>.</summary>
    public static string Time(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + (at.Offset == TimeSpan.Zero ? " UTC" : at.ToString(" zzz", CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Time(DateTimeOffset)"/>
    public static string Time(DateTimeOffset at, TimeZoneInfo zone) => Time(TimeZoneInfo.ConvertTime(at, zone));

    public static string Value(double value, Unit unit) => Value(value, unit, unit is Unit.Percent or Unit.Bytes or Unit.BytesPerSecond or Unit.Watts ? 1 : 2);

    /// <summary>With as many decimals as it takes to tell the value from the one it is compared with: 75.04% is more than 75%, which 75% is not.</summary>
    public static string ValueApartFrom(double other, double value, Unit unit)
    {
        var shown = Value(value, unit);
        if (value == other || shown != Value(other, unit)) return shown;
        for (var decimals = 2; decimals <= MostDecimals; decimals++)
        {
            var finer = Value(value, unit, decimals);
            if (finer != Value(other, unit, decimals)) return finer;
        }

        return shown;
    }

    private static string Value(double value, Unit unit, int decimals) => unit switch
    {
        Unit.Percent => Percent(value, decimals),
        Unit.Bytes => Bytes(value, decimals),
        Unit.BytesPerSecond => Bytes(value, decimals) + "/s",
        Unit.Seconds => Duration(TimeSpan.FromSeconds(value)),
        Unit.Watts => Number(value, decimals) + "W",
        _ => Number(value, decimals),
    };

    private static string Percent(double value, int decimals) => Number(value, decimals) + "%";

    private static string Bytes(double bytes, int decimals) => Math.Abs(bytes) switch
    {
        >= 1L << 40 => Number(bytes / (1L << 40), decimals) + "TiB",
        >= 1L << 30 => Number(bytes / (1L << 30), decimals) + "GiB",
        >= 1L << 20 => Number(bytes / (1L << 20), decimals) + "MiB",
        >= 1L << 10 => Number(bytes / (1L << 10), decimals) + "KiB",
        _ => Number(bytes, decimals) + "B",
    };

    private static string Number(double value, int decimals) => value.ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);

    private static string Joined(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit}{small}{smallUnit}";
}
