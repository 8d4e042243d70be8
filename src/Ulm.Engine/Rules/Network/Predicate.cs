namespace Ulm.Engine.Rules.Network;

/// <summary>A condition compiled onto the columns of working memory. Evaluation allocates nothing.</summary>
internal abstract class Predicate
{
    public abstract Truth Evaluate(in Match match);

    public sealed class And(Predicate[] operands) : Predicate
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
    }

    public sealed class Or(Predicate[] operands) : Predicate
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
    }

    public sealed class Not(Predicate operand) : Predicate
    {
        public override Truth Evaluate(in Match match) => TruthLogic.Not(operand.Evaluate(match));
    }

    /// <summary>A column that holds 1 for yes and 0 for no.</summary>
    public sealed class Answer(Column column) : Predicate
    {
        public override Truth Evaluate(in Match match) =>
            !Operand.Value(column, match, out var answer) ? Truth.Unknown : answer == 1 ? Truth.True : Truth.False;
    }

    public sealed class Quantified(MemberTallies tallies, Dsl.Policies.Quantifier quantifier) : Predicate
    {
        public override Truth Evaluate(in Match match) => match.Cluster < 0 ? Truth.Unknown : tallies.Of(match.Cluster, match.IgnoreBefore).Of(quantifier);
    }

    public sealed class Within(ClockWindow window) : Predicate
    {
        public override Truth Evaluate(in Match match) => window.IsOpen ? Truth.True : Truth.False;
    }

    public sealed class Compare(Operand left, Dsl.Policies.ComparisonOperator op, Operand right) : Predicate
    {
        public override Truth Evaluate(in Match match) =>
            left.Range(match, out var a) && right.Range(match, out var b) ? Comparing.Judge(a, op, b) : Truth.Unknown;
    }

    /// <summary>The same for the side that nearly every comparison has: a constant.</summary>
    public sealed class CompareToConstant(Column column, Dsl.Policies.ComparisonOperator op, double constant) : Predicate
    {
        public override Truth Evaluate(in Match match) =>
            !Operand.Value(column, match, out var value) ? Truth.Unknown : Comparing.Holds(value, op, constant) ? Truth.True : Truth.False;
    }
}
