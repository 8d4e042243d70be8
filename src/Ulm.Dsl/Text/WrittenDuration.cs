using System.Globalization;
using System.Text;

namespace Ulm.Dsl.Text;

/// <summary>Durations as a policy writes them: <c>90s</c> is <c>1m30s</c>.</summary>
public static class WrittenDuration
{
    /// <param name="duration">In whole seconds.</param>
    public static string Of(TimeSpan duration)
    {
        var text = new StringBuilder();
        Append(text, duration.Days, "d");
        Append(text, duration.Hours, "h");
        Append(text, duration.Minutes, "m");
        Append(text, duration.Seconds, "s");
        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static void Append(StringBuilder text, int number, string unit)
    {
        if (number != 0)
            text.Append(CultureInfo.InvariantCulture, $"{number}{unit}");
    }
}
