using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>How far the values with which one condition holds are from those with which another does.</summary>
/// <param name="Distance">Zero: they touch. Negative: they overlap.</param>
internal sealed record MarkGap(ConditionVariable.Measured Variable, double Distance)
{
    /// <summary>What to keep between opposite marks of a percentage, in points: less is crossed by the noise of a measurement.</summary>
    public const double LeastPercent = 5;

    /// <summary>The name of what the marks are marks of, as it is written.</summary>
    public string Name => Variable.Key switch
    {
        PolicyAttribute attribute => attribute.Name,
        (TimeFunction function, PolicyAttribute attribute, TimeSpan) => $"{function.ToString().ToLowerInvariant()} of {attribute.Name}",
        _ => "the count",
    };

    public bool Overlaps => Distance < 0;

    public bool IsMissing => !Overlaps && (Distance == 0 || (IsPercentage && Distance < LeastPercent));

    private bool IsPercentage => Variable.Most == 100;
}

/// <summary>Finds the quantity that two conditions both depend on, and how far apart its values are that make the one true and the other.</summary>
internal static class OppositeMarks
{
    /// <summary>The nearest the two come, over all quantities that they share and that alone can make either true; null: no such quantity.</summary>
    public static MarkGap? Between(Condition a, Condition b, ConstantConditions constants)
    {
        var numbers = new VariableNumbers();
        var first = ConditionTree.Of(a, numbers);
        var ofFirst = numbers.All.Count;
        var second = ConditionTree.Of(b, numbers);
        constants.Spend(first.Size + second.Size);
        MarkGap? nearest = null;
        for (var variable = 0; variable < ofFirst; variable++)
        {
            // A quantity that one of the two does not read can't make that one true by itself.
            if (second.Reads(variable) && numbers.All[variable] is ConditionVariable.Measured quantity && Between(first, second, variable, quantity, constants) is { } gap
                && (nearest is null || gap.Distance < nearest.Distance))
                nearest = gap;
        }
        return nearest;
    }

    private static MarkGap? Between(ConditionTree first, ConditionTree second, int variable, ConditionVariable.Measured quantity, ConstantConditions constants)
    {
        var marks = ConstantConditions.Marks(variable, first, second);
        var inFirst = constants.Stretches(first, variable, quantity, marks);
        if (inFirst.Count == 0)
            return null;
        var inSecond = constants.Stretches(second, variable, quantity, marks);
        return inSecond.Count == 0 ? null : new MarkGap(quantity, inFirst.SelectMany(x => inSecond.Select(y => x.DistanceTo(y))).Min());
    }
}

/// <summary>Values of a quantity with which a condition holds: from one to the other, the ends belonging to it or not.</summary>
internal readonly record struct Stretch(double From, double To, bool IsPoint)
{
    public double DistanceTo(Stretch other)
    {
        var distance = Math.Max(other.From - To, From - other.To);
        // Two stretches that share an end, of which it belongs to one alone, only touch; the same stretch overlaps itself.
        return distance < 0 || this == other ? -1 : distance;
    }
}
