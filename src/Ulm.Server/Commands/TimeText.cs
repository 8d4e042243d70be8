using System.Globalization;
using Ulm.Dsl.Text;

namespace Ulm.Server.Commands;

/// <summary>Times and zones as people write them on a command line.</summary>
internal static class TimeText
{
    private static readonly string[] LocalForms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss"];

    private static readonly string[] ZonedForms = [.. LocalForms.Skip(1).Select(f => f + "K")];

    /// <param name="option">Who asks, for the message.</param>
    /// <param name="zone">Of a time that is written without one.</param>
    /// <exception cref="CommandFailedException">Not a time.</exception>
    public static DateTimeOffset Parse(string text, string option, TimeZoneInfo zone) => TryParse(text, zone)
        ?? throw new CommandFailedException($"{option}: `{text}` is not a time; write 2026-01-05, 2026-01-05T20:00 or 2026-01-05T20:00:00Z");

    /// <returns>Null: not a time.</returns>
    public static DateTimeOffset? TryParse(string text, TimeZoneInfo zone)
    {
        text = AsShown(text);
        if (DateTime.TryParseExact(text, LocalForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && IsUsable(local)) return InZone(local, zone);
        return (text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':'))
            && DateTimeOffset.TryParseExact(text, ZonedForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var zoned) && IsUsable(zoned.UtcDateTime) ? zoned : null;
    }

    /// <summary>A time as ULM itself tells it, with a blank before its zone, may be given back.</summary>
    private static string AsShown(string text) => text.EndsWith(" UTC", StringComparison.Ordinal) ? text[..^4] + "Z" : text.Length > 17 && text[^7] == ' ' && text[^6] is '+' or '-' ? text[..^7] + text[^6..] : text;

    /// <summary>As the language means it: a time that spring skips is the end of the gap, one that autumn repeats the first of the two.</summary>
    public static DateTimeOffset InZone(DateTime local, TimeZoneInfo zone)
    {
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }

    private static bool IsUsable(DateTime time) => time.Year is >= 1971 and <= 9000;

    /// <exception cref="CommandFailedException">No such zone.</exception>
    public static TimeZoneInfo Zone(string? name)
    {
        if (name is null) return TimeZoneInfo.Utc;
        if ((name == "UTC" || name.Contains('/')) && !name.Contains("..") && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        var ids = TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).ToList();
        var nearest = ids.FirstOrDefault(id => id.EndsWith("/" + name, StringComparison.OrdinalIgnoreCase)) ?? NearestWord.Find(name, ids);
        throw new CommandFailedException($"--timezone: `{name}` is not a time zone{(nearest is null ? ", write one such as Europe/Copenhagen" : $"; did you mean {nearest}?")}");
    }

    /// <exception cref="CommandFailedException">Not a duration, or outside the bounds.</exception>
    public static TimeSpan Duration(string text, string option, TimeSpan least, TimeSpan most)
    {
        var duration = DurationText.Parse(text);
        if (duration is null && !DurationText.IsBeyondAll(text))
            throw new CommandFailedException($"{option}: `{text}` is not a duration; write a number and its unit, such as 90s, 10m, 1h30m or 2d");
        return duration is { } some && some >= least && some <= most
            ? some
            : throw new CommandFailedException($"{option}: {text} is outside {Engine.Show.Duration(least)} to {Engine.Show.Duration(most)}");
    }

    /// <summary><c>2026-01-05 20:00:00</c>, in the zone.</summary>
    public static string Local(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>2026-01-05T19:00:00Z</c>; with fractions where there are any.</summary>
    public static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
