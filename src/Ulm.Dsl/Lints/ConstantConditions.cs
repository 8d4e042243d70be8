using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>
/// Decides whether a condition can be both true and false, one variable at a time. Between two neighbouring marks of a quantity no
/// comparison with it changes, so it is enough to look at the marks, at one value between each two, and at the ends of what can
/// be measured. The other variables are taken as unknown, with the usual three-valued logic: what is then false for every value is
/// never true, what is true for every value always is.
/// </summary>
internal sealed class ConstantConditions
{
    // Comparisons evaluated for one site before the lint gives up: some 10,000 rules as people write them. It only spares the work
    // that a text made to be hard would cost; nothing but a warning is lost.
    private int _budget = 2_000_000;

    /// <summary>True: so much was looked at that no more is; see the budget.</summary>
    public bool IsSpent => _budget <= 0;

    public bool? ValueOf(Condition condition) =>
        ConditionVariable.Of(condition).Select(v => ValueFor(condition, v)).FirstOrDefault(v => v is not null);

    /// <summary>The stretches of the variable's values with which the condition holds, whatever else does: between the marks that <paramref name="marksOf"/> has.</summary>
    public List<Stretch> Stretches(Condition condition, Condition marksOf, ConditionVariable.Measured variable)
    {
        var marks = Marks(marksOf, variable).Where(m => m >= variable.Least && m <= variable.Most).ToList();
        var ends = marks.Prepend(variable.Least).Append(variable.Most).Distinct().ToList();
        var stretches = new List<Stretch>();
        foreach (var mark in marks.Where(m => Evaluate(condition, variable, m) == true))
            stretches.Add(new Stretch(mark, mark, IsPoint: true));
        foreach (var (from, to) in ends.Zip(ends.Skip(1)))
        {
            if (Evaluate(condition, variable, Within(from, to)) == true)
                stretches.Add(new Stretch(from, to, IsPoint: false));
        }
        return stretches;
    }

    private bool? ValueFor(Condition condition, ConditionVariable variable)
    {
        bool? value = null;
        foreach (var point in PointsOf(condition, variable))
        {
            if (Evaluate(condition, variable, point) is not { } here || _budget <= 0 || here != (value ??= here))
                return null;
        }
        return value;
    }

    private static IEnumerable<double> PointsOf(Condition condition, ConditionVariable variable) => variable switch
    {
        ConditionVariable.Measured measured => Points(Marks(condition, measured), measured),
        ConditionVariable.State => Enumerable.Range(0, ConditionVariable.State.Values.Length).Select(i => (double)i),
        _ => [0, 1],
    };

    private static IEnumerable<double> Points(SortedSet<double> marks, ConditionVariable.Measured variable)
    {
        var ends = marks.Where(m => m > variable.Least && m < variable.Most).Prepend(variable.Least).Append(variable.Most).ToList();
        return ends.Where(double.IsFinite).Concat(ends.Zip(ends.Skip(1), Within));
    }

    private static double Within(double from, double to) =>
        double.IsFinite(from) && double.IsFinite(to) ? (from + to) / 2 : double.IsFinite(from) ? Above(from) : double.IsFinite(to) ? Below(to) : 0;

    private static double Below(double mark) => mark - Math.Abs(mark) - 1;

    private static double Above(double mark) => mark + Math.Abs(mark) + 1;

    private static SortedSet<double> Marks(Condition condition, ConditionVariable.Measured variable)
    {
        var marks = new SortedSet<double>();
        Collect(condition);
        return marks;

        void Collect(Condition part)
        {
            switch (part)
            {
                case Condition.And and:
                    foreach (var operand in and.Operands) Collect(operand);
                    break;
                case Condition.Or or:
                    foreach (var operand in or.Operands) Collect(operand);
                    break;
                case Condition.Not not:
                    Collect(not.Operand);
                    break;
                case Condition.Comparison { Left: Quantity.Constant left } c when variable.Equals(ConditionVariable.Measured.Of(c.Right)):
                    marks.Add(left.Value);
                    break;
                case Condition.Comparison { Right: Quantity.Constant right } c when variable.Equals(ConditionVariable.Measured.Of(c.Left)):
                    marks.Add(right.Value);
                    break;
            }
        }
    }

    private bool? Evaluate(Condition condition, ConditionVariable variable, double value) => condition switch
    {
        Condition.And and => and.Operands.Aggregate((bool?)true, (all, o) => all & Evaluate(o, variable, value)),
        Condition.Or or => or.Operands.Aggregate((bool?)false, (any, o) => any | Evaluate(o, variable, value)),
        Condition.Not not => !Evaluate(not.Operand, variable, value),
        Condition.Comparison comparison => variable is ConditionVariable.Measured measured ? Compare(comparison, measured, value) : null,
        _ => Ask(condition, variable, value),
    };

    private bool? Ask(Condition condition, ConditionVariable variable, double value)
    {
        _budget--;
        if (!variable.Equals(ConditionVariable.OfLeaf(condition)))
            return null;
        return condition is Condition.Asks { Test: SubjectTest.InState state }
            ? ConditionVariable.State.Values[(int)value].Contains(state.State)
            : value > 0;
    }

    private bool? Compare(Condition.Comparison comparison, ConditionVariable.Measured variable, double value)
    {
        _budget--;
        if (Side(comparison.Left, variable, value) is not { } left || Side(comparison.Right, variable, value) is not { } right)
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

    private static double? Side(Quantity quantity, ConditionVariable.Measured variable, double value) =>
        quantity is Quantity.Constant constant ? constant.Value : variable.Equals(ConditionVariable.Measured.Of(quantity)) ? value : null;
}
