using Ulm.Dsl.Policies;

namespace Ulm.Engine.Schedules;

/// <summary>The days of a selection, one after another.</summary>
public static class DaySearch
{
    /// <summary>
    /// How far ahead a day is looked for. Whatever comes at all comes within it: the longest that weekdays and months go without is two
    /// years (a fifth Monday that is a holiday), and dates are tried however far off they are.
    /// </summary>
    public const int Years = 10;

    private static readonly DateOnly LastDay = new(9998, 12, 31);

    /// <summary>Days of the selection in order, from <paramref name="first"/> on. Ends where none is found for <see cref="Years"/> years.</summary>
    public static IEnumerable<DateOnly> From(DaySelection selection, DateOnly first)
    {
        if (first > LastDay) yield break;
        var end = first > LastDay.AddYears(-Years) ? LastDay : first.AddYears(Years);
        if (selection.Weekly != DaysOfWeek.None || !selection.Monthly.IsEmpty)
        {
            for (var day = first; day <= end; day = day.AddDays(1))
            {
                if (!selection.Contains(day)) continue;
                end = day > LastDay.AddYears(-Years) ? LastDay : day.AddYears(Years);
                yield return day;
            }

            first = end.AddDays(1);
        }

        foreach (var day in selection.Dates.Where(d => d >= first && d <= LastDay && selection.Contains(d)).Order()) yield return day;
    }
}
