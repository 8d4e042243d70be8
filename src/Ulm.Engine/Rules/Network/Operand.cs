namespace Ulm.Engine.Rules.Network;

/// <summary>One side of a comparison, compiled.</summary>
internal abstract class Operand
{
    /// <returns>False: unknown.</returns>
    public abstract bool Range(in Match match, out NumberRange range);

    /// <returns>False: unknown, or resting on something captured too early for this match.</returns>
    public static bool Value(Column column, in Match match, out double value)
    {
        var row = match.RowOf(column.Fact.Kind);
        value = double.NaN;
        if (row < 0) return false;
        var reading = column.Values[row];
        value = reading.Value;
        return reading.IsKnown && (match.IgnoreBefore == 0 || reading.Since.UtcTicks >= match.IgnoreBefore);
    }

    public sealed class Constant(double value) : Operand
    {
        public override bool Range(in Match match, out NumberRange range)
        {
            range = NumberRange.Of(value);
            return true;
        }
    }

    public sealed class Read(Column column) : Operand
    {
        public override bool Range(in Match match, out NumberRange range)
        {
            var known = Value(column, match, out var value);
            range = NumberRange.Of(value);
            return known;
        }
    }

    public sealed class Count(MemberTallies tallies) : Operand
    {
        public override bool Range(in Match match, out NumberRange range)
        {
            var tally = match.Cluster < 0 ? default : tallies.Of(match.Cluster, match.IgnoreBefore);
            range = new NumberRange(tally.True, tally.True + tally.Unknown);
            return match.Cluster >= 0;
        }
    }
}
