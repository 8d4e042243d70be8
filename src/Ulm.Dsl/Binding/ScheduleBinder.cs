using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>Times and days of an <c>at</c>.</summary>
internal sealed class ScheduleBinder(SourceFile file, DiagnosticBag bag)
{
    public Trigger.At? Bind(AtSyntax syntax)
    {
        var reader = new QuantityReader(file, bag);
        var times = new SortedDictionary<TimeOnly, QuantitySyntax>();
        var sound = true;
        foreach (var written in syntax.Times)
        {
            if (reader.Time(written) is not { } time)
                sound = false;
            else if (!times.TryAdd(time, written))
                bag.Add(ScheduleDiagnostics.RepeatedTime(file.At(written.Span), file.At(times[time].Span)));
        }
        var days = Days(syntax.Days);
        return sound ? new Trigger.At([.. times.Keys], days) : null;
    }

    private DaysOfWeek Days(ImmutableArray<NameSyntax> written)
    {
        if (written.Length == 0)
            return DaysOfWeek.Daily;
        var all = DaysOfWeek.None;
        foreach (var name in written)
        {
            var days = DaysOf(name);
            if ((all & days) == days)
            {
                var covering = written.First(w => (DaysOf(w) & days) != 0);
                bag.Add(ScheduleDiagnostics.RepeatedTime(file.At(name.Span), file.At(covering.Span)));
            }
            all |= days;
        }
        return all;
    }

    private static DaysOfWeek DaysOf(NameSyntax name) => Vocabulary.Days.First(d => d.Word == name.Value).Days;
}
