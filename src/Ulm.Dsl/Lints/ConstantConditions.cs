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
    // Parts looked at for one site before the lint gives up: some 10,000 rules as people write them. It only spares the work
    // that a text made to be hard would cost; nothing but a warning is lost.
    private const int Budget = 2_000_000;

    /// <summary>True: so much was looked at that no more is; see the budget.</summary>
    public bool IsSpent => Spent >= Budget;

    /// <summary>How many parts were looked at.</summary>
    public long Spent { get; private set; }

    public bool? ValueOf(Condition condition)
    {
        if (IsMarkWithinReach(condition))
            return null;
        var numbers = new VariableNumbers();
        var tree = ConditionTree.Of(condition, numbers);
        for (var variable = 0; variable < numbers.All.Count; variable++)
        {
            if (ValueFor(tree, variable, numbers.All[variable]) is { } value)
                return value;
        }
        return null;
    }

    /// <summary>Counts parts that were looked at elsewhere.</summary>
    public void Spend(long parts) => Spent += parts;

    /// <summary>The stretches of a quantity's values with which the condition holds, whatever else does.</summary>
    /// <param name="marks">Where stretches begin and end, in order.</param>
    public List<Stretch> Stretches(ConditionTree tree, int variable, ConditionVariable.Measured quantity, List<double> marks)
    {
        var within = marks.Where(m => m >= quantity.Least && m <= quantity.Most).ToList();
        var ends = within.Prepend(quantity.Least).Append(quantity.Most).Distinct().ToList();
        var stretches = within.Where(m => Try(tree, variable, m) == true).Select(m => new Stretch(m, m, IsPoint: true)).ToList();
        stretches.AddRange(ends.Zip(ends.Skip(1)).Where(e => Try(tree, variable, Within(e.First, e.Second)) == true).Select(e => new Stretch(e.First, e.Second, IsPoint: false)));
        return stretches;
    }

    /// <summary>The constants that a variable is compared with in any of the trees, in order, each once.</summary>
    public static List<double> Marks(int variable, params ReadOnlySpan<ConditionTree> trees)
    {
        var marks = new List<double>();
        foreach (var tree in trees)
            tree.Marks(variable, marks);
        marks.Sort();
        return [.. marks.Distinct()];
    }

    private bool? ValueFor(ConditionTree tree, int variable, ConditionVariable of)
    {
        // Any value will do to see that the rest of the condition decides too, which is so nearly always.
        if (of is ConditionVariable.Measured measured && Try(tree, variable, Within(measured.Least, measured.Most)) is null)
            return null;
        bool? value = null;
        foreach (var point in PointsOf(tree, variable, of))
        {
            if (Try(tree, variable, point) is not { } here || IsSpent || here != (value ??= here))
                return null;
        }
        return value;
    }

    private bool? Try(ConditionTree tree, int variable, double value)
    {
        Spent += tree.Size;
        return tree.With(variable, value);
    }

    // Nearly every comparison there is: some values are above the mark and some below.
    private static bool IsMarkWithinReach(Condition condition) => condition is Condition.Comparison comparison
        && (comparison.Left, comparison.Right) is (not Quantity.Constant, Quantity.Constant) or (Quantity.Constant, not Quantity.Constant)
        && (ConditionVariable.Measured.Of(comparison.Left) ?? ConditionVariable.Measured.Of(comparison.Right)) is { } measured
        && (comparison.Right as Quantity.Constant ?? (Quantity.Constant)comparison.Left).Value is var mark && mark > measured.Least && mark < measured.Most;

    private static IEnumerable<double> PointsOf(ConditionTree tree, int variable, ConditionVariable of) => of switch
    {
        ConditionVariable.Measured measured => Points(Marks(variable, tree), measured),
        ConditionVariable.State => Enumerable.Range(0, ConditionVariable.State.Values.Length).Select(i => (double)i),
        _ => [0, 1],
    };

    private static IEnumerable<double> Points(List<double> marks, ConditionVariable.Measured variable)
    {
        double? last = null;
        foreach (var end in marks.Where(m => m > variable.Least && m < variable.Most).Prepend(variable.Least).Append(variable.Most))
        {
            if (last is { } before)
                yield return Within(before, end);
            if (double.IsFinite(end))
                yield return end;
            last = end;
        }
    }

    private static double Within(double from, double to) =>
        double.IsFinite(from) && double.IsFinite(to) ? (from + to) / 2 : double.IsFinite(from) ? Above(from) : double.IsFinite(to) ? Below(to) : 0;

    private static double Below(double mark) => mark - Math.Abs(mark) - 1;

    private static double Above(double mark) => mark + Math.Abs(mark) + 1;
}
