using System.Globalization;

namespace Ulm.Server.Commands;

/// <summary>Durations as the policy language writes them: <c>90s</c>, <c>10m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
public static class DurationText
{
    private static readonly (char Symbol, long Seconds)[] Units = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

    private const long Longest = 36_525L * 86_400;

    /// <returns>Null: not a duration, or one beyond 100 years.</returns>
    public static TimeSpan? Parse(string text) => Seconds(text) is { } seconds and <= Longest ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>It is a duration, and one that no reader of this takes.</summary>
    public static bool IsBeyondAll(string text) => Seconds(text) > Longest;

    private static long? Seconds(string text)
    {
        var total = 0L;
        var last = long.MaxValue;
        for (var at = 0; at < text.Length;)
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            if (at == digits || at - digits > 10 || at == text.Length) return null;
            var unit = Units.FirstOrDefault(u => u.Symbol == text[at]);
            // From long to short, each at most once.
            if (unit.Seconds == 0 || unit.Seconds >= last) return null;
            total += long.Parse(text.AsSpan(digits, at - digits), CultureInfo.InvariantCulture) * unit.Seconds;
            last = unit.Seconds;
            at++;
        }

        return last == long.MaxValue ? null : total;
    }
}
