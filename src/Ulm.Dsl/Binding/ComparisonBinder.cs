using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;
using Ulm.Dsl.Text;

namespace Ulm.Dsl.Binding;

/// <summary>One comparison: both sides known, at least one read, both in the same unit.</summary>
internal sealed class ComparisonBinder(SourceFile file, Definitions definitions, DiagnosticBag bag)
{
    private readonly QuantityReader _quantities = new(file, bag);

    public Condition.Comparison? Bind(ComparisonSyntax syntax)
    {
        if (syntax is { Left: ConstantSyntax leftConstant, Right: ConstantSyntax rightConstant })
        {
            // Both are still looked at: a fault in one of them is a fault.
            _ = _quantities.Value(leftConstant.Quantity);
            _ = _quantities.Value(rightConstant.Quantity);
            bag.Add(UnitDiagnostics.ComparesConstants(file.At(syntax.Span)));
            return null;
        }
        var leftRead = Attribute(syntax.Left);
        var rightRead = Attribute(syntax.Right);
        var left = Side(syntax.Left, leftRead, syntax.Right, rightRead);
        var right = Side(syntax.Right, rightRead, syntax.Left, leftRead);
        if (left is null || right is null)
            return null;
        if (leftRead is not null && rightRead is not null && leftRead.Unit != rightRead.Unit)
        {
            bag.Add(UnitDiagnostics.UnitMismatch(
                file.At(syntax.Right.Span), UnitText.Name(rightRead.Unit), file.At(syntax.Left.Span), UnitText.Name(leftRead.Unit), null));
            return null;
        }
        return new Condition.Comparison(left, syntax.Operator, right, $"{Text(left)} {syntax.Sign} {Text(right)}");
    }

    private Quantity? Side(OperandSyntax operand, PolicyAttribute? read, OperandSyntax other, PolicyAttribute? otherRead)
    {
        if (operand is not ConstantSyntax constant)
            return read is null ? null : new Quantity.Read(read);
        // Where the other side is not known, there is no unit to hold this one to.
        if (_quantities.Value(constant.Quantity) is not { } value || otherRead is null)
            return null;
        var place = file.At(operand.Span);
        switch (value)
        {
            case QuantityValue.Bare(var number) when otherRead.Unit == Unit.Count:
                return new Quantity.Constant(number, Unit.Count, constant.Quantity.Text);
            case QuantityValue.Measured(var number, var unit) when unit == otherRead.Unit:
                if (unit == Unit.Percent && number is < 0 or > 100)
                {
                    bag.Add(UnitDiagnostics.PercentOutOfRange(place));
                    return null;
                }
                return new Quantity.Constant(number, unit, constant.Quantity.Text);
            case QuantityValue.Bare:
                bag.Add(UnitDiagnostics.MissingUnit(place, UnitText.Name(otherRead.Unit), UnitText.WithUnit(constant.Quantity.Text, otherRead.Unit)));
                return null;
            default:
                bag.Add(UnitDiagnostics.UnitMismatch(place, QuantityReader.Describe(value), file.At(other.Span),
                    UnitText.Name(otherRead.Unit), UnitText.Example(otherRead.Unit)));
                return null;
        }
    }

    private PolicyAttribute? Attribute(OperandSyntax operand)
    {
        if (operand is not ReadSyntax { Attribute: var name })
            return null;
        if (PolicyAttribute.All.FirstOrDefault(a => a.Name == name.Value) is { } attribute)
            return attribute;
        var place = file.At(name.Span);
        if (definitions.Find(name.Value) is { } definition)
        {
            definition.Used = true;
            bag.Add(NameDiagnostics.DefinitionCompared(place, definition.NamePlace));
        }
        else if (!definitions.IsBroken(name.Value))
            bag.Add(NameDiagnostics.UnknownAttribute(place, AttributeNames.Nearest(name.Value)));
        return null;
    }

    private static string Text(Quantity quantity) => quantity switch
    {
        Quantity.Read read => read.Attribute.Name,
        Quantity.Constant constant => constant.Text,
        _ => throw new InvalidOperationException($"No text for {quantity.GetType().Name}."),
    };
}
