using System.Globalization;
using System.Text.RegularExpressions;

namespace Ulm.Server.Configuration;

/// <summary>Durations as the policy language writes them: <c>90s</c>, <c>10m</c>, <c>1h30m</c>, <c>2d</c>; also <c>500ms</c>.</summary>
public static partial class DurationText
{
    /// <summary>Null: not a duration.</summary>
    public static TimeSpan? TryParse(string text)
    {
        if (!Whole().IsMatch(text)) return null;
        var total = TimeSpan.Zero;
        try
        {
            foreach (Match part in Part().Matches(text))
            {
                var number = double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture);
                total += part.Groups[2].Value switch
                {
                    "d" => TimeSpan.FromDays(number),
                    "h" => TimeSpan.FromHours(number),
                    "m" => TimeSpan.FromMinutes(number),
                    "s" => TimeSpan.FromSeconds(number),
                    _ => TimeSpan.FromMilliseconds(number),
                };
            }
        }
        catch (OverflowException)
        {
            return null;
        }

        return total;
    }

    [GeneratedRegex(@"^(\d{1,9}(\.\d+)?(d|h|ms|m|s))+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(d|h|ms|m|s)")]
    private static partial Regex Part();
}
