using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>A side of a comparison that is read, and the unit of what is read.</summary>
internal sealed record BoundOperand(Quantity Quantity, Unit Unit);

/// <summary>What a comparison reads: attributes, munin's fields, functions over time, counts.</summary>
internal sealed class OperandBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag, Func<ConditionSyntax, SubjectKind, Condition?> within)
{
    /// <summary>Null for a constant, and where there is a fault.</summary>
    public BoundOperand? Bind(OperandSyntax syntax) => syntax switch
    {
        ConstantSyntax => null,
        ReadSyntax read => Attribute(read) is { } attribute ? new BoundOperand(new Quantity.Read(attribute), attribute.Unit) : null,
        OverTimeSyntax over => OverTime(over),
        CountOfSyntax count => within(count.Inner, count.Over) is { } inner
            ? new BoundOperand(new Quantity.CountOf(count.Over, inner, TokenSpacing.Join(sentence, count.Span)), Unit.Count)
            : null,
        _ => throw new InvalidOperationException($"No binding for {syntax.GetType().Name}."),
    };

    private BoundOperand? OverTime(OverTimeSyntax syntax)
    {
        var attribute = Attribute(syntax.Read);
        var window = new QuantityReader(sentence, bag).Duration(syntax.Window, "write the time it is taken over, for example `15m`");
        if (attribute is null || window is null)
            return null;
        var unit = syntax.Function != TimeFunction.Rate ? attribute.Unit
            : attribute.Unit == Unit.Bytes ? Unit.BytesPerSecond
            : Unit.Any;
        return new BoundOperand(new Quantity.OverTime(syntax.Function, attribute, window.Value, unit, TokenSpacing.Join(sentence, syntax.Span)), unit);
    }

    private PolicyAttribute? Attribute(ReadSyntax syntax)
    {
        var name = syntax.Attribute;
        var place = sentence.At(name.Span);
        var known = PolicyAttribute.Named(name.Value);
        if (AttributeNames.IsMunin(name.Value))
            return Munin(syntax);
        if (known is not null && syntax.Field is null)
            return known;
        if (known is not null)
            bag.Add(NameDiagnostics.MuninField(sentence.At(syntax.Span), $"{name.Value} has no fields"));
        else if (definitions.Find(name.Value) is { } definition)
        {
            definitions.Refer(definition, place);
            bag.Add(NameDiagnostics.DefinitionCompared(place, definition.NamePlace));
        }
        else if (!definitions.IsBroken(name.Value))
        {
            bag.Add(NameDiagnostics.UnknownAttribute(place,
                syntax.Field is null ? AttributeNames.Nearest(name.Value) : NearestWord.Find(name.Value, AttributeNames.WithFields)));
        }
        return null;
    }

    // plugin.field; a multigraph's sub-graph has dots of its own.
    private PolicyAttribute? Munin(ReadSyntax syntax)
    {
        var field = syntax.Field?.Value;
        if (field is null)
            bag.Add(NameDiagnostics.MuninField(sentence.At(syntax.Span), $"{syntax.Attribute.Value} names no field"));
        else if (field.Length > 200 || field.Split('.') is not [_, _, ..] parts || parts.Any(p => p.Length == 0 || !p.All(IsOfName)))
        {
            // Quotes that are missing have been reported; one thing at a time.
            if (sentence[syntax.Field!.Span].StartsWith('"'))
                bag.Add(NameDiagnostics.MuninField(sentence.At(syntax.Field.Span), $"{Quote.Code(syntax.Field.Value)} is not a field of a munin plugin"));
        }
        else
            return PolicyAttribute.Munin(syntax.Attribute.Value == AttributeNames.WithFields[0] ? SubjectKind.Host : SubjectKind.Vm, field);
        return null;
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
