using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>Gives each thing that conditions depend on a number; equal ones the same.</summary>
internal sealed class VariableNumbers
{
    /// <summary>Looking through so few is quicker than hashing them; nearly all conditions have no more.</summary>
    private const int Few = 8;

    private Dictionary<ConditionVariable, int>? _numbers;

    public List<ConditionVariable> All { get; } = [];

    public int Of(ConditionVariable variable)
    {
        if (All.Count <= Few)
        {
            if (All.IndexOf(variable) is >= 0 and var known)
                return known;
            All.Add(variable);
            return All.Count - 1;
        }
        _numbers ??= All.Select((v, i) => (v, i)).ToDictionary(n => n.v, n => n.i);
        if (!_numbers.TryGetValue(variable, out var number))
        {
            _numbers.Add(variable, number = All.Count);
            All.Add(variable);
        }
        return number;
    }
}

/// <summary>A condition made ready to be tried with many values: what it depends on is numbered once, not compared at each try.</summary>
internal abstract class ConditionTree
{
    /// <summary>How many parts a try looks at.</summary>
    public abstract int Size { get; }

    /// <summary>The condition with one variable at a value and all others unknown.</summary>
    public abstract bool? With(int variable, double value);

    public abstract bool Reads(int variable);

    /// <summary>Adds the constants that the variable is compared with.</summary>
    public abstract void Marks(int variable, List<double> marks);

    public static ConditionTree Of(Condition condition, VariableNumbers numbers) => condition switch
    {
        Condition.And and => new Joined(Of(and.Operands, numbers), All: true),
        Condition.Or or => new Joined(Of(or.Operands, numbers), All: false),
        Condition.Not not => new Negated(Of(not.Operand, numbers)),
        Condition.Comparison comparison => new Compared(Side.Of(comparison.Left, numbers), comparison.Operator, Side.Of(comparison.Right, numbers)),
        Condition.Asks { Test: SubjectTest.InState state } => new Stated(numbers.Of(ConditionVariable.OfLeaf(condition)!), state.State),
        _ => new Answered(ConditionVariable.OfLeaf(condition) is { } leaf ? numbers.Of(leaf) : -1),
    };

    private static ConditionTree[] Of(ImmutableArray<Condition> conditions, VariableNumbers numbers)
    {
        var trees = new ConditionTree[conditions.Length];
        for (var i = 0; i < trees.Length; i++)
            trees[i] = Of(conditions[i], numbers);
        return trees;
    }

    private sealed class Joined(ConditionTree[] parts, bool All) : ConditionTree
    {
        public override int Size { get; } = 1 + parts.Sum(p => p.Size);

        public override bool? With(int variable, double value)
        {
            bool? joined = All;
            foreach (var part in parts)
            {
                joined = All ? joined & part.With(variable, value) : joined | part.With(variable, value);
                if (joined == !All)
                    break;
            }
            return joined;
        }

        public override bool Reads(int variable) => parts.Any(p => p.Reads(variable));

        public override void Marks(int variable, List<double> marks)
        {
            foreach (var part in parts)
                part.Marks(variable, marks);
        }
    }

    private sealed class Negated(ConditionTree part) : ConditionTree
    {
        public override int Size { get; } = 1 + part.Size;

        public override bool? With(int variable, double value) => !part.With(variable, value);

        public override bool Reads(int variable) => part.Reads(variable);

        public override void Marks(int variable, List<double> marks) => part.Marks(variable, marks);
    }

    private sealed class Compared(Side left, ComparisonOperator op, Side right) : ConditionTree
    {
        public override int Size => 1;

        public override bool? With(int variable, double value)
        {
            if (left.At(variable, value) is not { } a || right.At(variable, value) is not { } b)
                return null;
            return op switch
            {
                ComparisonOperator.Less => a < b,
                ComparisonOperator.LessOrEqual => a <= b,
                ComparisonOperator.Greater => a > b,
                ComparisonOperator.GreaterOrEqual => a >= b,
                ComparisonOperator.Equal => a == b,
                ComparisonOperator.NotEqual => a != b,
                _ => null,
            };
        }

        public override bool Reads(int variable) => left.Variable == variable || right.Variable == variable;

        public override void Marks(int variable, List<double> marks)
        {
            if (left.Variable == variable && right.Variable < 0)
                marks.Add(right.Constant);
            if (right.Variable == variable && left.Variable < 0)
                marks.Add(left.Constant);
        }
    }

    private sealed class Stated(int of, HostCondition state) : ConditionTree
    {
        public override int Size => 1;

        public override bool? With(int variable, double value) => variable == of ? ConditionVariable.State.Values[(int)value].Contains(state) : null;

        public override bool Reads(int variable) => variable == of;

        public override void Marks(int variable, List<double> marks)
        {
        }
    }

    private sealed class Answered(int of) : ConditionTree
    {
        public override int Size => 1;

        public override bool? With(int variable, double value) => variable == of ? value > 0 : null;

        public override bool Reads(int variable) => variable == of;

        public override void Marks(int variable, List<double> marks)
        {
        }
    }

    /// <param name="Variable">-1: a constant.</param>
    private readonly record struct Side(int Variable, double Constant)
    {
        public static Side Of(Quantity quantity, VariableNumbers numbers) =>
            quantity is Quantity.Constant constant ? new Side(-1, constant.Value) : new Side(numbers.Of(ConditionVariable.Measured.Of(quantity)!), 0);

        public double? At(int variable, double value) => Variable < 0 ? Constant : Variable == variable ? value : null;
    }
}
