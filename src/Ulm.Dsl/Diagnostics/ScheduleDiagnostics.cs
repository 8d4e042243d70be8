using System.Collections.Immutable;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Diagnostics;

/// <summary>ULM2xxx: times, days, durations, time zones.</summary>
internal static class ScheduleDiagnostics
{
    private static DiagnosticDescriptor Make(string code, string title, string help, DiagnosticSeverity severity = DiagnosticSeverity.Error) =>
        new(code, title, DiagnosticCategory.Schedules, severity, help);

    public static readonly DiagnosticDescriptor BadTimeCode = Make("ULM2001", "A time of day that does not exist",
        "write hours and minutes with two digits each, from `00:00` to `23:59`");
    public static readonly DiagnosticDescriptor ZeroDurationCode = Make("ULM2002", "A duration of nothing", "");
    public static readonly DiagnosticDescriptor LongDurationCode = Make("ULM2003", "A duration of more than 30 days", "write `30d` or less");
    public static readonly DiagnosticDescriptor UnknownTimeZoneCode = Make("ULM2004", "A time zone that is not known",
        "write a name of the IANA time zone database, for example `timezone \"Europe/Copenhagen\"`");
    public static readonly DiagnosticDescriptor SecondTimeZoneCode = Make("ULM2005", "Two time zones for one site",
        "all files of a site share one time zone; keep one of the two");
    public static readonly DiagnosticDescriptor RepeatedTimeCode = Make("ULM2006", "A time or day written twice", "leave it out",
        DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor PeriodOverADayCode = Make("ULM2007", "A period longer than a day",
        "`every` counts anew from each midnight; write `24h` or less, or `at 00:00` with the days you mean");

    public static readonly DiagnosticDescriptor BadDateCode = Make("ULM2008", "A date that does not exist",
        "write year, month and day, for example `2026-12-24`");
    public static readonly DiagnosticDescriptor BackwardRangeCode = Make("ULM2009", "A range of days that ends before it begins",
        "write the earlier day first");
    public static readonly DiagnosticDescriptor BadWindowCode = Make("ULM2010", "A time window that can't be read",
        "write two times with a `-` between them and no blank, for example `07:00-20:00` or `22:00-06:00`");
    public static readonly DiagnosticDescriptor BadCronCode = Make("ULM2011", "A cron expression that can't be read", "");
    public static readonly DiagnosticDescriptor CalendarUnavailableCode = Make("ULM2012", "A calendar file that can't be read",
        "the path counts from the folder of the policy file");

    public static readonly DiagnosticDescriptor NeverComesCode = Make("ULM2013", "A schedule that never comes",
        "look at the dates and at `except`; remove the rule if its time has passed", DiagnosticSeverity.Warning);
    public static readonly DiagnosticDescriptor OutsideItsWindowCode = Make("ULM2014", "A schedule outside of its own window",
        "move the times or the window; `every 6h` is at 00:00, 06:00, 12:00 and 18:00, whenever the window begins", DiagnosticSeverity.Warning);

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        BadTimeCode, ZeroDurationCode, LongDurationCode, UnknownTimeZoneCode, SecondTimeZoneCode, RepeatedTimeCode, PeriodOverADayCode,
        BadDateCode, BackwardRangeCode, BadWindowCode, BadCronCode, CalendarUnavailableCode, NeverComesCode, OutsideItsWindowCode,
    ];

    public static Diagnostic BadTime(Place at, string? mended) => Diagnostic.At(at, BadTimeCode,
        $"{Quote.Code(at.Text)} is not a time of day", "not a time like `20:00`", mended is null ? null : $"write `{mended}`") with { Replacement = mended };

    public static Diagnostic ZeroDuration(Place at, string help) => Diagnostic.At(at, ZeroDurationCode,
        $"{Quote.Code(at.Text)} is no time at all", "must be longer than nothing", help);

    public static Diagnostic LongDuration(Place at) => Diagnostic.At(at, LongDurationCode, $"{Quote.Code(at.Text)} is longer than 30 days", "too long");

    public static Diagnostic UnknownTimeZone(Place at, string? nearest) => Diagnostic.At(at, UnknownTimeZoneCode,
        $"{Quote.Code(at.Text)} is not a known time zone", "not in the time zone database of this machine",
        nearest is null ? null : $"did you mean `\"{nearest}\"`?") with { Replacement = nearest is null ? null : $"\"{nearest}\"" };

    public static Diagnostic SecondTimeZone(Place at, Place first) => Diagnostic.At(at, SecondTimeZoneCode,
        "the time zone is already set", "set a second time here", null, DiagnosticLabel.At(first, "first set here"));

    public static Diagnostic RepeatedTime(Place at, Place first) => Diagnostic.At(at, RepeatedTimeCode,
        $"{Quote.Code(at.Text)} is already covered", "says nothing new", null, DiagnosticLabel.At(first, "covered here"));

    public static Diagnostic PeriodOverADay(Place at) => Diagnostic.At(at, PeriodOverADayCode,
        $"`every {Quote.Clean(at.Text)}` would never come round within a day", "longer than 24 hours");

    public static Diagnostic BadDate(Place at, string? mended) => Diagnostic.At(at, BadDateCode,
        $"{Quote.Code(at.Text)} is not a date", "not a day like `2026-12-24`", mended is null ? null : $"write `{mended}`") with { Replacement = mended };

    public static Diagnostic BackwardRange(Place last, Place first) => Diagnostic.At(last, BackwardRangeCode,
        $"{Quote.Code(last.Text)} comes before {Quote.Code(first.Text)}", "earlier than the first day", null, DiagnosticLabel.At(first, "the first day"));

    public static Diagnostic BadWindow(Place at, string? mended) => Diagnostic.At(at, BadWindowCode,
        $"{Quote.Code(at.Text)} is not a time window", "not like `07:00-20:00`", mended is null ? null : $"write `{Quote.Clean(mended)}`") with { Replacement = mended };

    public static Diagnostic BadCron(Place at, string message, string? help) => Diagnostic.At(at, BadCronCode, message, "not a cron expression of Quartz", help);

    public static Diagnostic CalendarUnavailable(Place at, string because) => Diagnostic.At(at, CalendarUnavailableCode,
        $"there is no calendar {Quote.Code(at.Text)}: {Quote.Printable(because)}", "no days from here");

    public static Diagnostic OutsideItsWindow(Place at, Place? during) => Diagnostic.At(at, OutsideItsWindowCode,
        "no time of this schedule lies within the window that it may fire in", "always outside", null, during is { } window ? [DiagnosticLabel.At(window, "the window")] : []);

    public static Diagnostic NeverComes(Place at) => Diagnostic.At(at, NeverComesCode, "this never comes, so the rule never fires", "no time is left");
}
