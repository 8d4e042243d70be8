using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>When a rule fires. Null where there is a fault.</summary>
internal sealed class TriggerBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag)
{
    private readonly QuantityReader _quantities = new(sentence, bag);
    private readonly WindowBinder _windows = new(sentence, definitions, bag);

    public Trigger? Bind(TriggerSyntax syntax) => syntax switch
    {
        WhenSyntax watch => When(watch),
        AtSyntax at => At(at),
        EverySyntax every => Every(every),
        CronSyntax cron => Cron(cron),
        OnSyntax happens => new Trigger.On(happens.Event),
        HaveSyntax have => Have(have),
        _ => throw new InvalidOperationException($"No binding for {syntax.GetType().Name}."),
    };

    private Trigger.When? When(WhenSyntax syntax)
    {
        var condition = new ConditionBinder(sentence, definitions, bag).Bind(syntax.Condition).Condition;
        TimeSpan? hold = syntax.For is not { } duration ? TimeSpan.Zero : _quantities.Duration(duration, "leave `for` out if the rule is to fire at once");
        return condition is null || hold is null ? null : new Trigger.When(condition, ConditionReads.Subject(condition), hold.Value);
    }

    private Trigger.At? At(AtSyntax syntax)
    {
        var times = new SortedDictionary<TimeOnly, QuantitySyntax>();
        var sound = true;
        foreach (var written in syntax.Times)
        {
            if (_quantities.Time(written) is not { } time)
                sound = false;
            else if (!times.TryAdd(time, written))
                bag.Add(ScheduleDiagnostics.RepeatedTime(sentence.At(written.Span), sentence.At(times[time].Span)));
        }
        var days = _windows.Days(syntax.Days);
        return sound && days is not null ? new Trigger.At([.. times.Keys], days) : null;
    }

    private Trigger.Every? Every(EverySyntax syntax)
    {
        var period = _quantities.Duration(syntax.Period, "write a period such as `every 10m`");
        if (period > TimeSpan.FromDays(1))
            bag.Add(ScheduleDiagnostics.PeriodOverADay(sentence.At(syntax.Period.Span)));
        var times = syntax.Between.Select(_quantities.Time).ToList();
        var days = _windows.Days(syntax.Days);
        if (period is null || days is null || times.Any(t => t is null))
            return null;
        if (syntax.Between.IsEmpty && syntax.Days is null)
            return new Trigger.Every(period.Value);
        // Without times, the days from midnight to midnight.
        var (from, to) = times.Count == 0 ? (TimeOnly.MinValue, TimeOnly.MinValue) : (times[0]!.Value, times[1]!.Value);
        var span = TextSpan.FromBounds(syntax.Period.Span.End, syntax.Span.End);
        return new Trigger.Every(period.Value) { Between = new TimeWindow(from, to, days, TokenSpacing.Join(sentence, span)) };
    }

    private Trigger.Cron? Cron(CronSyntax syntax)
    {
        var expression = syntax.Expression;
        if (CronSyntaxCheck.Fault(expression.Value) is not { } fault)
            return new Trigger.Cron(string.Join(' ', expression.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        // The quote comes first; an escape before the fault would make the place wrong, and there is nothing to escape in a sound one.
        var place = fault.Length == 0 || expression.Value.Contains('"') || expression.Value.Contains('\\')
            ? sentence.At(expression.Span)
            : sentence.At(new TextSpan(expression.Span.Start + 1 + fault.Start, fault.Length));
        bag.Add(ScheduleDiagnostics.BadCron(place, fault.Message, fault.Help));
        return null;
    }

    private Trigger.HaveOn? Have(HaveSyntax syntax)
    {
        var count = _quantities.Count(syntax.Count, least: 1);
        var by = _quantities.Time(syntax.By);
        var days = _windows.Days(syntax.Days);
        return count is null || by is null || days is null ? null : new Trigger.HaveOn(count.Value, by.Value, days);
    }
}
