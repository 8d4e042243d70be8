using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>Times of day on certain days, and the days themselves.</summary>
internal sealed class WindowBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag)
{
    private readonly QuantityReader _quantities = new(sentence, bag);

    /// <summary>Null where it has a fault.</summary>
    public TimeWindow? Window(TimeWindowSyntax syntax)
    {
        var range = _quantities.TimeRange(syntax.Range);
        var days = Days(syntax.Days);
        return range is { } times && days is not null ? new TimeWindow(times.From, times.To, days, TokenSpacing.Join(sentence, syntax.Span)) : null;
    }

    /// <summary>A window by its name from <c>let</c>; null where it has a fault.</summary>
    public TimeWindow? Window(NameSyntax name)
    {
        var place = sentence.At(name.Span);
        if (definitions.Find(name.Value) is not { } definition)
        {
            if (!definitions.IsBroken(name.Value))
            {
                bag.Add(NameDiagnostics.UnknownWindow(place, bag.HasRoomFor(sentence.File) ? definitions.Nearest(name.Value, [], DefinitionKind.Condition) : null));
            }
            return null;
        }
        definitions.Refer(definition, place);
        if (definition.Kind == DefinitionKind.Condition)
        {
            var condition = definitions.Bind(definition, place).Condition;
            if (condition is Condition.Within within)
                return within.Window;
            if (condition is null)
                return null;
        }
        bag.Add(NameDiagnostics.WrongKind(place, "is not a time window", definition.NamePlace,
            "`during` takes times such as `07:00-20:00 weekdays`; for any other condition write `where` or `unless`"));
        return null;
    }

    /// <summary>All days where none are written; null where one has a fault.</summary>
    public DaySelection? Days(DaysSyntax? syntax)
    {
        if (syntax is null)
            return DaySelection.Daily;
        var days = syntax.Days.Select(Day).ToList();
        for (var i = 0; i < days.Count; i++)
        {
            if (days[i] is not { } day)
                continue;
            var covering = days.FindIndex(0, i, d => d is { } earlier && Overlaps(earlier, day));
            if (covering >= 0 && Covers(days.Take(i), day))
                bag.Add(ScheduleDiagnostics.RepeatedTime(sentence.At(syntax.Days[i].Span), sentence.At(syntax.Days[covering].Span)));
        }
        var except = syntax.Except.Select(Calendar).ToList();
        if (days.Any(d => d is null) || except.Any(c => c is null))
            return null;
        return new DaySelection
        {
            Weekly = days.Count == 0 ? DaysOfWeek.Daily : days.Aggregate(DaysOfWeek.None, (all, d) => all | d!.Weekly),
            Monthly = [.. days.SelectMany(d => d!.Monthly).Distinct()],
            Dates = [.. days.SelectMany(d => d!.Dates).Distinct().Order()],
            Except = [.. except.Select(c => c!).Distinct()],
        };
    }

    private DaySelection? Day(DaySyntax syntax) => syntax switch
    {
        WeeklySyntax weekly => weekly.Days,
        MonthlySyntax monthly => new DaySelection { Monthly = [monthly.Day] },
        DateSyntax date => _quantities.Date(date.Date) is { } day ? new DaySelection { Dates = [day] } : null,
        _ => throw new InvalidOperationException($"No binding for {syntax.GetType().Name}."),
    };

    // Each of the two is one day of the sentence: some days of the week, or one day of the month, or one date.
    private static bool Overlaps(DaySelection a, DaySelection b) =>
        (a.Weekly & b.Weekly) != 0 || b.Monthly.Any(a.Monthly.Contains) || b.Monthly.Any(m => m.Weekday is { } w && a.Weekly.HasFlag(Flag(w))) || b.Dates.Any(a.Contains);

    private static bool Covers(IEnumerable<DaySelection?> earlier, DaySelection day)
    {
        var weekly = earlier.Aggregate(DaysOfWeek.None, (all, d) => all | (d?.Weekly ?? DaysOfWeek.None));
        return (day.Weekly & ~weekly) == 0
            && day.Monthly.All(m => earlier.Any(d => d?.Monthly.Contains(m) == true) || (m.Weekday is { } w && weekly.HasFlag(Flag(w))))
            && day.Dates.All(date => earlier.Any(d => d?.Contains(date) == true));
    }

    private static DaysOfWeek Flag(DayOfWeek day) => day == DayOfWeek.Sunday ? DaysOfWeek.Sunday : (DaysOfWeek)(1 << ((int)day - 1));

    private DayCalendar? Calendar(NameSyntax name)
    {
        var place = sentence.At(name.Span);
        if (definitions.Find(name.Value) is not { } definition)
        {
            if (!definitions.IsBroken(name.Value))
            {
                bag.Add(NameDiagnostics.UnknownCalendar(place, bag.HasRoomFor(sentence.File) ? definitions.Nearest(name.Value, [], DefinitionKind.Calendar) : null));
            }
            return null;
        }
        definitions.Refer(definition, place);
        if (definition.Kind == DefinitionKind.Calendar)
            return definitions.BindCalendar(definition).Days;
        bag.Add(NameDiagnostics.WrongKind(place, "is not a calendar", definition.NamePlace,
            "`except` takes the name of a calendar, such as `calendar holidays = 2026-12-24 to 2026-12-26`"));
        return null;
    }
}
