using Ulm.Dsl.Binding;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>
/// Decides whether a condition can be both true and false, one attribute at a time. Between two neighbouring marks of an attribute
/// no comparison with it changes, so it is enough to look at the marks, at one value between each two, and at the ends of what can
/// be measured. The other attributes are taken as unknown, with the usual three-valued logic: what is then false for every value is
/// never true, what is true for every value always is.
/// </summary>
internal sealed class ConstantConditions
{
    // Comparisons evaluated for one site before the lint gives up: some 10,000 rules as people write them. It only spares the work
    // that a text made to be hard would cost; nothing but a warning is lost.
    private int _budget = 2_000_000;

    public bool? ValueOf(Condition condition) =>
        ConditionReads.Of(condition).Select(a => ValueFor(condition, a)).FirstOrDefault(v => v is not null);

    private bool? ValueFor(Condition condition, PolicyAttribute attribute)
    {
        var marks = new SortedSet<double>();
        CollectMarks(condition, attribute, marks);
        var points = attribute.Unit == Unit.Any ? AnyPoints(marks) : Points(marks, attribute.Unit == Unit.Percent ? 100 : double.PositiveInfinity);
        bool? value = null;
        foreach (var point in points)
        {
            if (Evaluate(condition, attribute, point) is not { } here || _budget <= 0 || here != (value ??= here))
                return null;
        }
        return value;
    }

    // What munin says may be anything, also below zero.
    private static IEnumerable<double> AnyPoints(SortedSet<double> marks)
    {
        double? last = null;
        foreach (var mark in marks)
        {
            yield return last is { } before ? (before + mark) / 2 : mark - 1;
            yield return mark;
            last = mark;
        }
        yield return (last ?? 0) + 1;
    }

    // Nothing else that is measured is below zero.
    private static IEnumerable<double> Points(SortedSet<double> marks, double most)
    {
        var last = 0.0;
        yield return 0;
        foreach (var mark in marks.Where(m => m > 0 && m <= most))
        {
            yield return (last + mark) / 2;
            yield return mark;
            last = mark;
        }
        yield return double.IsInfinity(most) ? last * 2 + 1 : (last + most) / 2;
        if (!double.IsInfinity(most))
            yield return most;
    }

    private static void CollectMarks(Condition condition, PolicyAttribute attribute, SortedSet<double> marks)
    {
        switch (condition)
        {
            case Condition.And and:
                foreach (var operand in and.Operands)
                    CollectMarks(operand, attribute, marks);
                break;
            case Condition.Or or:
                foreach (var operand in or.Operands)
                    CollectMarks(operand, attribute, marks);
                break;
            case Condition.Not not:
                CollectMarks(not.Operand, attribute, marks);
                break;
            case Condition.Comparison { Left: Quantity.Constant left, Right: Quantity.Read read } when read.Attribute == attribute:
                marks.Add(left.Value);
                break;
            case Condition.Comparison { Left: Quantity.Read read, Right: Quantity.Constant right } when read.Attribute == attribute:
                marks.Add(right.Value);
                break;
        }
    }

    private bool? Evaluate(Condition condition, PolicyAttribute attribute, double value) => condition switch
    {
        Condition.And and => and.Operands.Aggregate((bool?)true, (all, o) => all & Evaluate(o, attribute, value)),
        Condition.Or or => or.Operands.Aggregate((bool?)false, (any, o) => any | Evaluate(o, attribute, value)),
        Condition.Not not => !Evaluate(not.Operand, attribute, value),
        Condition.Comparison comparison => Compare(comparison, attribute, value),
        _ => null,
    };

    private bool? Compare(Condition.Comparison comparison, PolicyAttribute attribute, double value)
    {
        _budget--;
        if (Side(comparison.Left, attribute, value) is not { } left || Side(comparison.Right, attribute, value) is not { } right)
            return null;
        return comparison.Operator switch
        {
            ComparisonOperator.Less => left < right,
            ComparisonOperator.LessOrEqual => left <= right,
            ComparisonOperator.Greater => left > right,
            ComparisonOperator.GreaterOrEqual => left >= right,
            ComparisonOperator.Equal => left == right,
            ComparisonOperator.NotEqual => left != right,
            _ => null,
        };
    }

    private static double? Side(Quantity quantity, PolicyAttribute attribute, double value) => quantity switch
    {
        Quantity.Constant constant => constant.Value,
        Quantity.Read read when read.Attribute == attribute => value,
        _ => null,
    };
}
