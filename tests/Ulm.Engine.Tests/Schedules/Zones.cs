using System.Globalization;

namespace Ulm.Engine.Tests.Schedules;

internal static class Zones
{
    public static TimeZoneInfo Of(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);

    /// <summary><c>2026-03-29 03:00 +02:00</c>.</summary>
    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.ParseExact(text, ["yyyy-MM-dd HH:mm zzz", "yyyy-MM-dd HH:mm:ss zzz"], CultureInfo.InvariantCulture);

    public static string Text(DateTimeOffset? time) => time?.ToString(time.Value.Second == 0 ? "yyyy-MM-dd HH:mm zzz" : "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) ?? "never";
}
