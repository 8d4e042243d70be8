using System.Collections.Immutable;
using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Rules;

/// <summary>The rows a condition is evaluated over: the host, and the VM where the rule ranges over VMs (else -1).</summary>
/// <param name="IgnoreBefore">Readings captured earlier count as unknown.</param>
internal readonly record struct Match(int Host, int Vm, DateTimeOffset IgnoreBefore);

/// <summary>A condition compiled onto the columns of working memory. Evaluation allocates nothing.</summary>
internal abstract class Predicate
{
    public abstract Truth Evaluate(in Match match);

    /// <summary>Each comparison with its values and verdict, in the order written.</summary>
    public abstract void Explain(in Match match, ImmutableArray<Clause>.Builder clauses);

    public static Predicate Compile(Condition condition, Func<PolicyAttribute, FactTable.Column> column) => condition switch
    {
        Condition.And and => new AndNode([.. and.Operands.Select(o => Compile(o, column))]),
        Condition.Or or => new OrNode([.. or.Operands.Select(o => Compile(o, column))]),
        Condition.Not not => new NotNode(Compile(not.Operand, column)),
        Condition.Comparison c => new CompareNode(c, Side(c.Left, column), Side(c.Right, column)),
        _ => throw new InvalidOperationException($"condition {condition.GetType().Name} has no meaning in the engine"),
    };

    private static (FactTable.Column?, double) Side(Quantity quantity, Func<PolicyAttribute, FactTable.Column> column) => quantity switch
    {
        Quantity.Read read => (column(read.Attribute), 0),
        Quantity.Constant constant => (null, constant.Value),
        _ => throw new InvalidOperationException($"quantity {quantity.GetType().Name} has no meaning in the engine"),
    };

    private sealed class AndNode(Predicate[] operands) : Predicate
    {
        public override Truth Evaluate(in Match match)
        {
            var result = Truth.True;
            foreach (var operand in operands)
            {
                result = TruthLogic.And(result, operand.Evaluate(match));
                if (result == Truth.False) break;
            }

            return result;
        }

        public override void Explain(in Match match, ImmutableArray<Clause>.Builder clauses)
        {
            foreach (var operand in operands) operand.Explain(match, clauses);
        }
    }

    private sealed class OrNode(Predicate[] operands) : Predicate
    {
        public override Truth Evaluate(in Match match)
        {
            var result = Truth.False;
            foreach (var operand in operands)
            {
                result = TruthLogic.Or(result, operand.Evaluate(match));
                if (result == Truth.True) break;
            }

            return result;
        }

        public override void Explain(in Match match, ImmutableArray<Clause>.Builder clauses)
        {
            foreach (var operand in operands) operand.Explain(match, clauses);
        }
    }

    private sealed class NotNode(Predicate operand) : Predicate
    {
        public override Truth Evaluate(in Match match) => TruthLogic.Not(operand.Evaluate(match));

        public override void Explain(in Match match, ImmutableArray<Clause>.Builder clauses) => operand.Explain(match, clauses);
    }

    private sealed class CompareNode(Condition.Comparison source, (FactTable.Column? Column, double Constant) left, (FactTable.Column? Column, double Constant) right)
        : Predicate
    {
        public override Truth Evaluate(in Match match)
        {
            if (!Value(left, match, out var a) || !Value(right, match, out var b)) return Truth.Unknown;
            var holds = source.Operator switch
            {
                ComparisonOperator.Less => a < b,
                ComparisonOperator.LessOrEqual => a <= b,
                ComparisonOperator.Greater => a > b,
                ComparisonOperator.GreaterOrEqual => a >= b,
                ComparisonOperator.Equal => a == b,
                _ => a != b,
            };
            return holds ? Truth.True : Truth.False;
        }

        public override void Explain(in Match match, ImmutableArray<Clause>.Builder clauses) => clauses.Add(new Clause(
            source,
            left.Column is null ? null : ReadingOf(left.Column, match),
            right.Column is null ? null : ReadingOf(right.Column, match),
            Evaluate(match)));

        private static bool Value((FactTable.Column? Column, double Constant) side, in Match match, out double value)
        {
            value = side.Constant;
            if (side.Column is null) return true;
            var reading = side.Column.Values[side.Column.Attribute.Subject == SubjectKind.Host ? match.Host : match.Vm];
            value = reading.Value;
            return reading.IsKnown && reading.At >= match.IgnoreBefore;
        }

        private static Reading ReadingOf(FactTable.Column column, in Match match)
        {
            var reading = column.Values[column.Attribute.Subject == SubjectKind.Host ? match.Host : match.Vm];
            return reading.IsKnown && reading.At < match.IgnoreBefore ? Reading.Unknown("not measured since the last action ended") : reading;
        }
    }
}
