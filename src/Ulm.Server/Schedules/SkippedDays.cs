using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Schedules;

namespace Ulm.Server.Schedules;

/// <summary>Days that a rule's selection names and that an <c>except</c> calendar takes out.</summary>
internal static class SkippedDays
{
    /// <summary>Enough for people; a year of holidays is one range.</summary>
    private const int MostRanges = 4;

    /// <summary>The days of a trigger that can name some; null: of no other.</summary>
    public static DaySelection? SelectionOf(Trigger trigger) => trigger switch
    {
        Trigger.At at => at.Days,
        Trigger.HaveOn have => have.Days,
        Trigger.Every { Between: { } window } => window.Days,
        _ => null,
    };

    public static Trigger WithoutExceptions(Trigger trigger) => trigger switch
    {
        Trigger.At at => at with { Days = at.Days with { Except = [] } },
        Trigger.HaveOn have => have with { Days = have.Days with { Except = [] } },
        Trigger.Every { Between: { } window } every => every with { Between = window with { Days = window.Days with { Except = [] } } },
        _ => trigger,
    };

    /// <summary><c>2026-12-24 to 2026-12-26 (holidays)</c></summary>
    public static ImmutableArray<string> Between(Trigger trigger, DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone)
    {
        if (SelectionOf(trigger) is not { Except.IsEmpty: false } days) return [];
        var all = WithoutExceptions(trigger);
        var skipped = new List<(DateOnly First, DateOnly Last, string Calendar)>();
        var last = DateOnly.MinValue;
        for (var at = ScheduleCalculator.Next(all, from, zone); at < to; at = ScheduleCalculator.Next(all, EndOf(WallClock.DayOf(at.Value, zone), zone), zone))
        {
            var day = WallClock.DayOf(at.Value, zone);
            var calendar = string.Join(", ", days.Except.Where(c => c.Contains(day)).Select(c => c.Name));
            if (calendar.Length == 0) continue;
            // Days that the selection leaves out by itself don't part a range.
            if (skipped.Count > 0 && skipped[^1].Last == last && skipped[^1].Calendar == calendar) skipped[^1] = skipped[^1] with { Last = day };
            else skipped.Add((day, day, calendar));
            last = day;
        }

        var texts = skipped.Take(MostRanges).Select(s => s.First == s.Last ? $"{s.First:yyyy-MM-dd} ({s.Calendar})" : $"{s.First:yyyy-MM-dd} to {s.Last:yyyy-MM-dd} ({s.Calendar})");
        return [.. texts, .. skipped.Count > MostRanges ? [$"{skipped.Count - MostRanges} more"] : Array.Empty<string>()];
    }

    private static DateTimeOffset EndOf(DateOnly day, TimeZoneInfo zone) => WallClock.StartOf(day.AddDays(1), zone).AddTicks(-1);
}
