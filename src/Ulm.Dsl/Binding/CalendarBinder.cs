using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>The days of a calendar: as written, or from a file that somebody else reads.</summary>
internal sealed class CalendarBinder(ParsedSentence sentence, CompilerOptions options, DiagnosticBag bag)
{
    public BoundCalendar Bind(DefinitionSyntax syntax) => syntax switch
    {
        DateCalendarSyntax dates => new BoundCalendar(Dates(dates), ""),
        FileCalendarSyntax from => File(from),
        _ => throw new InvalidOperationException($"No binding for {syntax.GetType().Name}."),
    };

    private DateCalendar? Dates(DateCalendarSyntax syntax)
    {
        var ranges = syntax.Ranges.Select(Range).ToList();
        for (var i = 0; i < ranges.Count; i++)
        {
            if (ranges[i] is not { } range)
                continue;
            var first = ranges.FindIndex(0, i, r => r is { } earlier && earlier.First <= range.First && range.Last <= earlier.Last);
            if (first >= 0)
                bag.Add(ScheduleDiagnostics.RepeatedTime(sentence.At(syntax.Ranges[i].Span), sentence.At(syntax.Ranges[first].Span)));
        }
        return ranges.Any(r => r is null) ? null : new DateCalendar(syntax.Name.Value, [.. ranges.Select(r => r!.Value)]);
    }

    private DateRange? Range(DateRangeSyntax syntax)
    {
        var reader = new QuantityReader(sentence, bag);
        var first = reader.Date(syntax.First);
        var last = syntax.Last is { } written ? reader.Date(written) : first;
        if (first is null || last is null)
            return null;
        if (last >= first)
            return new DateRange(first.Value, last.Value);
        bag.Add(ScheduleDiagnostics.BackwardRange(sentence.At(syntax.Last!.Span), sentence.At(syntax.First.Span)));
        return null;
    }

    private BoundCalendar File(FileCalendarSyntax syntax)
    {
        switch (options.Calendars(syntax.Path.Value, sentence.File.Name))
        {
            case CalendarLookup.Found found:
                return new BoundCalendar(found.Days with { Name = syntax.Name.Value }, found.Version);
            case CalendarLookup.Unavailable(var because):
                bag.Add(ScheduleDiagnostics.CalendarUnavailable(sentence.At(syntax.Path.Span), because));
                return new BoundCalendar(null, "");
            default:
                throw new InvalidOperationException("A calendar look-up that is neither found nor unavailable.");
        }
    }
}
