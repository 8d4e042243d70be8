using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;

namespace Ulm.Engine.Rules.Judging;

/// <summary>Findings in words.</summary>
internal static class FindingText
{
    /// <summary><c>host.cpu = 81% &gt; 75%</c>, or <c>host.cpu &gt; 75%: host.cpu is unknown (last measured 40s ago, ...)</c>.</summary>
    public static string Of(Finding.Comparison found)
    {
        foreach (var side in new[] { found.Left, found.Right })
        {
            if (side.Reading is { IsKnown: false } unknown) return $"{found.Source.Text}: {Name(side.Source)} is unknown ({unknown.UnknownBecause})";
        }

        return $"{Side(found.Left, found.Right)} {Sign(found.Source.Operator)} {Side(found.Right, found.Left)}{Suffix(found.Verdict)}";
    }

    public static string Of(Finding.Answer found) =>
        found.Reading.IsKnown ? $"{found.Source.Text}{Suffix(found.Verdict)}" : $"{found.Source.Text}: unknown ({found.Reading.UnknownBecause})";

    public static string Of(Finding.Members found)
    {
        var (total, what) = (found.Found.Total, found.Source.Over == SubjectKind.Vm ? "vm" : "host");
        var told = string.Join("; ", found.Found.Telling.Select(t => $"{t.Member.Name}: {t.Finding}"));
        if (found.Verdict == Truth.Unknown) return $"{found.Source.Text}: not known of {found.Found.Unknown} of {total} {what}(s) ({told})";
        var holds = found.Verdict == Truth.True;
        if ((found.Source.Quantifier == Quantifier.Any) == holds) return $"{found.Source.Text}{Suffix(found.Verdict)} ({told})";
        return $"{found.Source.Text}{Suffix(found.Verdict)} ({(holds ? "of" : "none of")} {total} {what}(s))";
    }

    public static string Of(Finding.TimeOfDay found) => $"{found.Source.Text} at {found.Local:HH:mm:ss}{Suffix(found.Verdict)}";

    /// <summary>What a quantity is called.</summary>
    public static string Name(Quantity quantity) => quantity switch
    {
        Quantity.Read read => read.Attribute.Name,
        Quantity.Constant constant => constant.Text,
        Quantity.OverTime over => over.Text,
        Quantity.CountOf count => count.Text,
        _ => "?",
    };

    public static Unit UnitOf(Quantity quantity) => quantity switch
    {
        Quantity.Read read => read.Attribute.Unit,
        Quantity.Constant constant => constant.Unit,
        Quantity.OverTime over => over.Unit,
        _ => Unit.Count,
    };

    public static string Sign(ComparisonOperator op) => op switch
    {
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        ComparisonOperator.GreaterOrEqual => ">=",
        ComparisonOperator.Equal => "=",
        _ => "!=",
    };

    private static string Side(FoundQuantity found, FoundQuantity other) => found switch
    {
        { Source: Quantity.Constant constant } => constant.Text,
        { Counted: { } counted } => $"{Name(found.Source)} = {counted.True}{(counted.Unknown > 0 ? $" to {counted.True + counted.Unknown}" : "")}",
        { Reading: { } reading } => $"{Name(found.Source)} = {Show.ValueApartFrom(other.Value, reading.Value, UnitOf(found.Source))}{Error(reading, UnitOf(found.Source))}",
        _ => $"{Name(found.Source)} = ?",
    };

    private static string Error(Reading reading, Unit unit) => reading.Error is { } error ? $" (± {Show.Value(error, unit)})" : "";

    private static string Suffix(Truth verdict) => verdict switch
    {
        Truth.True => "",
        Truth.False => " is false",
        _ => " is unknown",
    };
}
