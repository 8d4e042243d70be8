using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules.Judging;

/// <summary>What would have to change for a condition to come out otherwise: <c>host.cpu would have to rise by 4 points to more than 75%</c>.</summary>
public static class NeededChanges
{
    /// <summary>All of these would have to change; empty: it comes out so already.</summary>
    public static ImmutableArray<string> For(Finding finding, bool toBe = true)
    {
        if (finding.Verdict == (toBe ? Truth.True : Truth.False)) return [];
        return finding switch
        {
            Finding.Not not => For(not.Part, !toBe),
            Finding.All all => toBe ? Each(all.Parts, toBe) : OneOf(all.Parts, toBe),
            Finding.AnyOf any => toBe ? OneOf(any.Parts, toBe) : Each(any.Parts, toBe),
            Finding.Comparison comparison => [Comparison(comparison, toBe)],
            Finding.Answer answer => [Answer(answer, toBe)],
            Finding.Members members => [Members(members, toBe)],
            Finding.TimeOfDay time => [$"the time of day, {time.Local:HH:mm:ss}, would have to be {(toBe ? "within" : "outside")} {time.Source.Text}"],
            _ => [],
        };
    }

    private static ImmutableArray<string> Each(ImmutableArray<Finding> parts, bool toBe) => [.. parts.SelectMany(p => For(p, toBe))];

    private static ImmutableArray<string> OneOf(ImmutableArray<Finding> parts, bool toBe) => [string.Join(", or ", parts.Select(p => string.Join(" and ", For(p, toBe))))];

    private static string Comparison(Finding.Comparison found, bool toBe)
    {
        foreach (var side in new[] { found.Left, found.Right })
        {
            if (side.Reading is { IsKnown: false } unknown) return $"{FindingText.Name(side.Source)} would have to be known: {unknown.UnknownBecause}";
        }

        var op = toBe ? found.Source.Operator : Comparing.Opposite(found.Source.Operator);
        if (found.Left.Source is Quantity.Constant && found.Right.Source is not Quantity.Constant) return Move(found.Right, Comparing.Mirrored(op), found.Left);
        return Move(found.Left, op, found.Right);
    }

    private static string Move(FoundQuantity moving, ComparisonOperator op, FoundQuantity mark)
    {
        var (name, unit) = (FindingText.Name(moving.Source), FindingText.UnitOf(moving.Source));
        var to = mark.Source is Quantity.Constant constant ? constant.Text : $"{FindingText.Name(mark.Source)}, {Show.Value(mark.Value, unit)},";
        var (now, wanted) = (moving.Value, mark.Value);
        var by = unit == Unit.Percent ? $"{Show.ValueApartFrom(0, Math.Abs(wanted - now), Unit.Any)} points" : Show.ValueApartFrom(0, Math.Abs(wanted - now), unit);
        return op switch
        {
            ComparisonOperator.Greater => $"{name} would have to rise by {by} to more than {to}".TrimEnd(','),
            ComparisonOperator.GreaterOrEqual => $"{name} would have to rise by {by} to {to} or more",
            ComparisonOperator.Less => $"{name} would have to fall by {by} to less than {to}".TrimEnd(','),
            ComparisonOperator.LessOrEqual => $"{name} would have to fall by {by} to {to} or less",
            ComparisonOperator.Equal => $"{name}, {Show.Value(now, unit)}, would have to become {to}".TrimEnd(','),
            _ => $"{name}, {Show.Value(now, unit)}, would have to become something else",
        };
    }

    private static string Answer(Finding.Answer found, bool toBe) => found.Reading.IsKnown
        ? $"\"{found.Source.Text}\" would have to be {(toBe ? "true" : "false")}"
        : $"\"{found.Source.Text}\" would have to be known: {found.Reading.UnknownBecause}";

    private static string Members(Finding.Members found, bool toBe)
    {
        var one = found.Source.Over == SubjectKind.Vm ? "vm" : "host";
        var (counted, where) = (found.Found, found.Cluster is null ? "" : $" of cluster {found.Cluster}");
        var open = counted.Unknown > 0 ? $", {counted.Unknown} not known" : "";
        return (found.Source.Quantifier, toBe) switch
        {
            (Quantifier.Any, true) => $"\"{found.Source.Text}\" would have to be true of a {one}{where}: of {counted.Total} it is of none{open}",
            (Quantifier.Any, false) => $"\"{found.Source.Text}\" would have to be true of no {one}{where}: of {counted.Total} it is of {counted.True}{open}",
            (_, true) => $"\"{found.Source.Text}\" would have to be true of each {one}{where}: of {counted.Total} it is of {counted.True}{open}",
            _ => $"\"{found.Source.Text}\" would have to be false of a {one}{where}: it is true of {counted.True} of {counted.Total}{open}",
        };
    }
}
