using Ulm.Dsl.Diagnostics;
using Ulm.Dsl.Parsing;
using Ulm.Dsl.Policies;
using Ulm.Dsl.Syntax;

namespace Ulm.Dsl.Binding;

/// <summary>One comparison: both sides known, at least one read, both in the same unit.</summary>
/// <param name="within">Binds a condition about each host or VM.</param>
internal sealed class ComparisonBinder(ParsedSentence sentence, Definitions definitions, DiagnosticBag bag, Func<ConditionSyntax, SubjectKind, Condition?> within)
{
    private readonly QuantityReader _quantities = new(sentence, bag);
    private readonly OperandBinder _operands = new(sentence, definitions, bag, within);

    public Condition.Comparison? Bind(ComparisonSyntax syntax)
    {
        if (syntax is { Left: ConstantSyntax leftConstant, Right: ConstantSyntax rightConstant })
        {
            // Both are still looked at: a fault in one of them is a fault.
            _ = _quantities.Value(leftConstant.Quantity);
            _ = _quantities.Value(rightConstant.Quantity);
            bag.Add(UnitDiagnostics.ComparesConstants(sentence.At(syntax.Span)));
            return null;
        }
        var leftRead = _operands.Bind(syntax.Left);
        var rightRead = _operands.Bind(syntax.Right);
        var left = Side(syntax.Left, leftRead, syntax.Right, rightRead);
        var right = Side(syntax.Right, rightRead, syntax.Left, leftRead);
        if (left is null || right is null)
            return null;
        if (leftRead is not null && rightRead is not null && !GoTogether(leftRead.Unit, rightRead.Unit))
        {
            bag.Add(UnitDiagnostics.UnitMismatch(
                sentence.At(syntax.Right.Span), UnitText.Name(rightRead.Unit), sentence.At(syntax.Left.Span), UnitText.Name(leftRead.Unit), null));
            return null;
        }
        return new Condition.Comparison(left, syntax.Operator, right, $"{Text(left)} {syntax.Sign} {Text(right)}");
    }

    private Quantity? Side(OperandSyntax operand, BoundOperand? read, OperandSyntax other, BoundOperand? otherRead)
    {
        if (operand is not ConstantSyntax constant)
            return read?.Quantity;
        // Where the other side is not known, there is no unit to hold this one to.
        if (_quantities.Value(constant.Quantity) is not { } value || otherRead is null)
            return null;
        var place = sentence.At(operand.Span);
        switch (value)
        {
            case QuantityValue.Bare(var number) when otherRead.Unit is Unit.Count or Unit.Any:
                return new Quantity.Constant(number, Unit.Count, constant.Quantity.Text);
            case QuantityValue.Measured(var number, var unit) when otherRead.Unit == Unit.Any:
                return new Quantity.Constant(number, unit, constant.Quantity.Text);
            case QuantityValue.Measured(var number, var unit) when unit == otherRead.Unit:
                if (unit == Unit.Percent && number is < 0 or > 100)
                {
                    bag.Add(UnitDiagnostics.PercentOutOfRange(place));
                    return null;
                }
                return new Quantity.Constant(number, unit, constant.Quantity.Text);
            case QuantityValue.Bare:
                bag.Add(UnitDiagnostics.MissingUnit(place, UnitText.Name(otherRead.Unit), UnitText.WithUnit(constant.Quantity.Text, otherRead.Unit), UnitText.OnlyWay(constant.Quantity.Text, otherRead.Unit)));
                return null;
            default:
                bag.Add(UnitDiagnostics.UnitMismatch(place, QuantityReader.Describe(value), sentence.At(other.Span),
                    UnitText.Name(otherRead.Unit), UnitText.Example(otherRead.Unit)));
                return null;
        }
    }

    private static bool GoTogether(Unit a, Unit b) => a == b || a == Unit.Any || b == Unit.Any;

    private static string Text(Quantity quantity) => quantity switch
    {
        Quantity.Read read => read.Attribute.Name,
        Quantity.Constant constant => constant.Text,
        Quantity.OverTime over => over.Text,
        Quantity.CountOf count => count.Text,
        _ => throw new InvalidOperationException($"No text for {quantity.GetType().Name}."),
    };
}
