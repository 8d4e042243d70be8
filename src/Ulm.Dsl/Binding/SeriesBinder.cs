using System.Collections.Immutable;
using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>How many values the tests of a site have so far: a short text can ask for very many.</summary>
internal sealed class SeriesBudget
{
    private int _left = CompilerLimits.SeriesValues;

    public bool Take(int count) => (_left -= Math.Min(count, _left + 1)) >= 0;
}

/// <summary>What a test measures.</summary>
internal sealed class SeriesBinder(ParsedSentence sentence, DiagnosticBag bag, SeriesBudget budget)
{
    // These follow from what runs where and from the site's own description: a series of them would contradict the site.
    private static readonly ImmutableArray<PolicyAttribute> Derived =
        [PolicyAttribute.HostVms, PolicyAttribute.HostMemoryTotal, PolicyAttribute.HostIdleFor];

    private readonly QuantityReader _quantities = new(sentence, bag);

    /// <summary>Those without a fault.</summary>
    public ImmutableArray<TestSeries> Bind(ImmutableArray<SeriesSyntax> all)
    {
        var first = new Dictionary<(string Subject, PolicyAttribute Attribute), SeriesSyntax>();
        var bound = ImmutableArray.CreateBuilder<TestSeries>();
        foreach (var syntax in all)
        {
            RuleNames.CheckUsable(syntax.Subject, sentence.At(syntax.Subject.Span), bag);
            var attribute = Attribute(syntax);
            if (attribute is not null && !first.TryAdd((syntax.Subject.Value, attribute), syntax))
                bag.Add(TestDiagnostics.RepeatedSeries(Head(syntax), Head(first[(syntax.Subject.Value, attribute)])));
            if (Values(syntax, attribute) is { } values && attribute is not null)
                bound.Add(new TestSeries(syntax.Subject.Value, attribute, values, TokenSpacing.Join(sentence, syntax.Span), sentence.Location(syntax.Span)));
        }
        return bound.ToImmutable();
    }

    private PolicyAttribute? Attribute(SeriesSyntax syntax)
    {
        var written = syntax.Attribute.Value;
        var place = sentence.At(syntax.Attribute.Span);
        var prefix = syntax.Of == SubjectKind.Vm ? "vm." : "host.";
        if (syntax.Field is { } field)
        {
            RuleNames.CheckUsable(field, sentence.At(field.Span), bag);
            if (written == "munin")
                return PolicyAttribute.Munin(syntax.Of, field.Value);
            bag.Add(TestDiagnostics.UnknownAttribute(place, "munin"));
            return null;
        }
        var attribute = PolicyAttribute.All.FirstOrDefault(a => a.Name == prefix + written);
        if (attribute is null)
            bag.Add(TestDiagnostics.UnknownAttribute(place, Nearest(written, prefix)));
        else if (Derived.Contains(attribute))
            bag.Add(TestDiagnostics.DerivedAttribute(place));
        return attribute;
    }

    private string? Nearest(string written, string prefix)
    {
        if (!bag.HasRoomFor(sentence.File))
            return null;
        var names = PolicyAttribute.All.Except(Derived).Where(a => a.Name.StartsWith(prefix, StringComparison.Ordinal)).Select(a => a.Name[prefix.Length..]).ToList();
        // `host.cpu`: whose it is has been said already.
        var bare = written[(written.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return names.Find(n => n == bare) ?? NearestWord.Find(written, names);
    }

    private ImmutableArray<double?>? Values(SeriesSyntax syntax, PolicyAttribute? attribute)
    {
        var errors = bag.ErrorCount;
        var values = ImmutableArray.CreateBuilder<double?>();
        foreach (var part in syntax.Values)
        {
            var value = part.Value is null ? null : Value(part.Value, attribute);
            var times = part.Times is null ? 1 : _quantities.Count(part.Times, least: 1, "polls") ?? 0;
            if (values.Count + times > CompilerLimits.SeriesLength || !budget.Take(times))
            {
                bag.Add(TestDiagnostics.SeriesTooLong(Head(syntax)));
                return null;
            }
            values.AddRange(Enumerable.Repeat(value, times));
        }
        return errors == bag.ErrorCount ? values.ToImmutable() : null;
    }

    private double? Value(QuantitySyntax quantity, PolicyAttribute? attribute)
    {
        // Where the attribute is not known, there is no unit to hold this one to.
        if (_quantities.Value(quantity) is not { } value || attribute is null)
            return null;
        var (place, unit) = (sentence.At(quantity.Span), attribute.Unit);
        switch (value)
        {
            case QuantityValue.Measured(var percent, Unit.Percent) when unit == Unit.Percent && percent is < 0 or > 100:
                bag.Add(UnitDiagnostics.PercentOutOfRange(place));
                return null;
            case QuantityValue.Measured(var number, var given) when unit == given || unit == Unit.Any:
                return NotBelowZero(number, place, unit);
            case QuantityValue.Bare(var number) when unit is Unit.Count or Unit.Any:
                return NotBelowZero(number, place, unit);
            case QuantityValue.Bare:
                bag.Add(UnitDiagnostics.MissingUnit(place, UnitText.Name(unit), UnitText.WithUnit(quantity.Text, unit), UnitText.OnlyWay(quantity.Text, unit)));
                return null;
            default:
                bag.Add(UnitDiagnostics.WrongKind(place, QuantityReader.Describe(value), UnitText.Name(unit), UnitText.Example(unit)));
                return null;
        }
    }

    private double? NotBelowZero(double number, Place place, Unit unit)
    {
        if (number >= 0 || unit == Unit.Any)
            return number;
        bag.Add(TestDiagnostics.BelowZero(place));
        return null;
    }

    private Place Head(SeriesSyntax syntax) => sentence.At(syntax.Span with { Length = (syntax.Field ?? syntax.Attribute).Span.End - syntax.Span.Start });
}
