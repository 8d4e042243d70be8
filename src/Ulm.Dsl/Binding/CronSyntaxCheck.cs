using System.Collections.Immutable;
using System.Globalization;

namespace Ulm.Dsl.Binding;

/// <summary>What is wrong with a cron expression.</summary>
/// <param name="Start">Within the expression.</param>
/// <param name="Length">0: the expression as a whole.</param>
internal sealed record CronFault(int Start, int Length, string Message, string? Help);

/// <summary>
/// Whether a text is a cron expression as Quartz reads it, at https://www.quartz-scheduler.net/documentation/quartz-3.x/tutorial/crontriggers.html:
/// seconds, minutes, hours, day of month, month, day of week and, where given, year. The compiler does without Quartz, which would come
/// with a scheduler and gives no places, so that its messages can be about the field at fault; a test holds the two to one another.
/// Empty parts (<c>1,,2</c>, <c>/5</c>), which Quartz lets pass, are refused.
/// </summary>
internal static class CronSyntaxCheck
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private sealed record Field(string Name, int Least, int Most, params string[] Names)
    {
        public bool IsDayOfMonth => Name == "day of the month";

        public bool IsDayOfWeek => Name == "day of the week";
    }

    private static readonly ImmutableArray<Field> Fields =
    [
        new("second", 0, 59), new("minute", 0, 59), new("hour", 0, 23), new("day of the month", 1, 31), new("month", 1, 12, Months),
        new("day of the week", 1, 7, Weekdays), new("year", 1970, 2099),
    ];

    private const string Example = "\"0 0 20 ? * MON-FRI\"";

    public static CronFault? Fault(string expression)
    {
        var words = Words(expression);
        if (words.Count is < 6 or > 7)
        {
            return new CronFault(0, 0, words.Count == 5
                ? "this has 5 fields; Quartz begins with one for the seconds"
                : $"this has {words.Count} {(words.Count == 1 ? "field" : "fields")}, not 6 or 7",
                words.Count == 5 && InQuartz(words) is { } meant
                    ? $"write `\"{Diagnostics.Quote.Clean(meant)}\"`"
                    : $"write second, minute, hour, day of month, month, day of week and perhaps year: `{Example}`");
        }
        for (var i = 0; i < words.Count; i++)
        {
            foreach (var (text, start) in Parts(words[i]))
            {
                if (PartFault(text.ToUpperInvariant(), Fields[i]) is { } message)
                    return new CronFault(start, Math.Max(text.Length, 1), message, Range(Fields[i]));
            }
            if (BesideFault(words[i], Fields[i]) is { } fault)
                return fault;
        }
        return null;
    }

    // Quartz reads these for the whole field, so nothing can stand beside them.
    private static CronFault? BesideFault((string Text, int Start) word, Field field)
    {
        var parts = Parts(word).ToList();
        return field.IsDayOfWeek && parts.Count > 1 && parts.Any(p => p.Text.Contains('#') || p.Text.EndsWith('L') || p.Text.EndsWith('l'))
            ? new CronFault(word.Start, word.Text.Length, "`#` and `L` stand for the whole day of the week; no other day can stand beside them", "write a rule for each of the days")
            : null;
    }

    private static string? PartFault(string part, Field field)
    {
        if (part.Length == 0)
            return $"a {field.Name} is missing";
        if (part == "?")
            return field.IsDayOfMonth || field.IsDayOfWeek ? null : $"`?` can't stand for the {field.Name}";
        if (field.IsDayOfMonth && part.StartsWith('L'))
            return DayFromLastFault(part);
        if (field.IsDayOfMonth && part.EndsWith('W'))
            return ValueFault(part[..^1], field);
        if (field.IsDayOfWeek && part == "L")
            return null;
        if (field.IsDayOfWeek && part.EndsWith('L'))
            return ValueFault(part[..^1], field);
        if (field.IsDayOfWeek && part.Split('#') is [var day, var which])
            return ValueFault(day, field) ?? (which is ['1' or '2' or '3' or '4' or '5'] ? null : "the number behind `#` lies between 1 and 5");
        if (part.Split('/') is [var range, var step])
            return RangeFault(range, field) ?? StepFault(step, field);
        return RangeFault(part, field);
    }

    // L, LW, L-3, L-3W
    private static string? DayFromLastFault(string part)
    {
        var rest = part.EndsWith('W') ? part[1..^1] : part[1..];
        if (rest.Length == 0)
            return null;
        return rest[0] == '-' && Number(rest[1..]) is >= 0 and <= 30 ? null : "`L` is the last day of the month; `L-3` the third before it, `LW` the last weekday";
    }

    private static string? RangeFault(string range, Field field)
    {
        if (range == "*")
            return null;
        if (range.Split('-') is not [var from, var to])
            return ValueFault(range, field);
        return ValueFault(from, field) ?? ValueFault(to, field);
    }

    private static string? StepFault(string step, Field field)
    {
        return Number(step) is { } n && n >= 1 && n <= field.Most ? null : $"`/{Diagnostics.Quote.Clean(step)}` is no step for a {field.Name}";
    }

    private static string? ValueFault(string value, Field field)
    {
        if (field.Names.Contains(value))
            return null;
        if (Number(value) is not { } number)
            return $"{Diagnostics.Quote.Code(value)} is not a {field.Name}";
        return number >= field.Least && number <= field.Most ? null : $"there is no {field.Name} {Diagnostics.Quote.Clean(value)}";
    }

    private static int? Number(string text) =>
        text.Length is > 0 and < 5 && text.All(char.IsAsciiDigit) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string Range(Field field) => field.Names.Length == 0
        ? $"the {field.Name} lies between {field.Least} and {field.Most}"
        : $"the {field.Name} lies between {field.Least} and {field.Most}, or is a name from {field.Names[0]} to {field.Names[^1]}";

    // Elsewhere a week's days count from Sunday as 0, or 7; here from Sunday as 1: names mean the same in both.
    private static string? InQuartz(List<(string Text, int Start)> words)
    {
        var days = words[4].Text;
        if (days.Any(char.IsAsciiDigit) && !days.All(c => c is >= '0' and <= '7' or ',' or '-'))
            return null;
        return $"0 {string.Join(' ', words.Take(4).Select(w => w.Text))} {string.Concat(days.Select(c => char.IsAsciiDigit(c) ? Weekdays[(c - '0') % 7] : c.ToString()))}";
    }

    private static List<(string Text, int Start)> Words(string expression)
    {
        var words = new List<(string, int)>();
        for (var i = 0; i < expression.Length; i++)
        {
            if (char.IsWhiteSpace(expression[i]))
                continue;
            var start = i;
            while (i < expression.Length && !char.IsWhiteSpace(expression[i]))
                i++;
            words.Add((expression[start..i], start));
        }
        return words;
    }

    private static IEnumerable<(string Text, int Start)> Parts((string Text, int Start) word)
    {
        var start = word.Start;
        foreach (var part in word.Text.Split(','))
        {
            yield return (part, start);
            start += part.Length + 1;
        }
    }
}
