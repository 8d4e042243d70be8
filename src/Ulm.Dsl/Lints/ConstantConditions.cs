using Ulm.Dsl.Binding;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>
/// Decides whether a condition can be both true and false, one attribute at a time. Between two neighbouring marks of an attribute
/// no comparison with it changes, so it is enough to look at the marks, at one value between each two, and at the ends of what can
/// be measured. The other attributes are taken as unknown, with the usual three-valued logic: what is then false for every value is
/// never true, what is true for every value always is.
/// </summary>
internal static class ConstantConditions
{
    // Conditions people write have a handful of marks; one with very many is not worth the squared work.
    private const int MostMarks = 32;

    public static bool? ValueOf(Condition condition) =>
        ConditionReads.Of(condition).Select(a => ValueFor(condition, a)).FirstOrDefault(v => v is not null);

    private static bool? ValueFor(Condition condition, PolicyAttribute attribute)
    {
        var marks = new SortedSet<double>();
        CollectMarks(condition, marks);
        if (marks.Count > MostMarks)
            return null;
        var points = Points(marks, attribute.Unit == Unit.Percent ? 100 : double.PositiveInfinity);
        var values = points.Select(p => Evaluate(condition, attribute, p)).Distinct().ToList();
        return values.Count == 1 ? values[0] : null;
    }

    // Nothing that is measured is below zero.
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

    private static void CollectMarks(Condition condition, SortedSet<double> marks)
    {
        switch (condition)
        {
            case Condition.And and:
                foreach (var operand in and.Operands)
                    CollectMarks(operand, marks);
                break;
            case Condition.Or or:
                foreach (var operand in or.Operands)
                    CollectMarks(operand, marks);
                break;
            case Condition.Not not:
                CollectMarks(not.Operand, marks);
                break;
            case Condition.Comparison { Left: Quantity.Constant left }:
                marks.Add(left.Value);
                break;
            case Condition.Comparison { Right: Quantity.Constant right }:
                marks.Add(right.Value);
                break;
        }
    }

    private static bool? Evaluate(Condition condition, PolicyAttribute attribute, double value) => condition switch
    {
        Condition.And and => and.Operands.Aggregate((bool?)true, (all, o) => all & Evaluate(o, attribute, value)),
        Condition.Or or => or.Operands.Aggregate((bool?)false, (any, o) => any | Evaluate(o, attribute, value)),
        Condition.Not not => !Evaluate(not.Operand, attribute, value),
        Condition.Comparison comparison => Compare(comparison, attribute, value),
        _ => null,
    };

    private static bool? Compare(Condition.Comparison comparison, PolicyAttribute attribute, double value)
    {
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
