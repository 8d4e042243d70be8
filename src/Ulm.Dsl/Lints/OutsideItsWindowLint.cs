using System.Collections.Immutable;
using Ulm.Dsl.Binding;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Lints;

/// <summary>A schedule none of whose times of day lies within the window that it may fire in. (On a day on which the clocks change one may.)</summary>
internal sealed class OutsideItsWindowLint : IPolicyLint
{
    private static readonly DateOnly AMonday = new(2024, 1, 1);

    public IEnumerable<Diagnostic> Check(BoundSite site) =>
        from rule in site.Rules
        where !MayFire(rule.Rule)
        let during = rule.Syntax.Guards.OfType<DuringSyntax>().FirstOrDefault()
        select ScheduleDiagnostics.OutsideItsWindow(rule.Sentence.At(rule.Syntax.Trigger.Span), during is null ? null : rule.Sentence.At(during.Span));

    private static bool MayFire(Rule rule) => rule.Trigger switch
    {
        Trigger.At at => rule.Guards.During.IsEmpty || at.Times.Any(t => rule.Guards.During.Any(w => MayBeOpen(w, t, at.Days))),
        Trigger.Every every => (every.Between is null && rule.Guards.During.IsEmpty) || every.Period < TimeSpan.FromMinutes(1) || TimesOf(every.Period).Any(t => MayFire(every, t, rule.Guards.During)),
        _ => true,
    };

    private static bool MayFire(Trigger.Every every, TimeOnly time, ImmutableArray<TimeWindow> during) =>
        (every.Between is null || IsOpen(every.Between, time)) && (during.IsEmpty || during.Any(w => IsOpen(w, time)));

    private static IEnumerable<TimeOnly> TimesOf(TimeSpan period)
    {
        for (var time = TimeSpan.Zero; time < TimeSpan.FromDays(1); time += period)
            yield return TimeOnly.FromTimeSpan(time);
    }

    // Days of the week are all tried; of others only the time of day is certain.
    private static bool MayBeOpen(TimeWindow window, TimeOnly time, DaySelection days) => !days.IsWeekly || !window.Days.IsWeekly
        ? IsOpen(window, time)
        : Enumerable.Range(0, 7).Select(AMonday.AddDays).Any(d => days.Contains(d) && window.Contains(d.ToDateTime(time)));

    private static bool IsOpen(TimeWindow window, TimeOnly time) => (window with { Days = DaySelection.Daily }).Contains(AMonday.ToDateTime(time));
}
