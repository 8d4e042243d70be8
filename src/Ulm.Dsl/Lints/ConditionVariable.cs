using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Lints;

/// <summary>
/// Something that a condition depends on and that can be looked at by itself: a quantity, the state of a host, a yes-or-no question. Two
/// parts of a condition that depend on the same thing have equal variables.
/// </summary>
internal abstract record ConditionVariable
{
    private ConditionVariable() { }

    /// <summary>A quantity that is read, over time or counted.</summary>
    /// <param name="Key">The quantity without its text, so that layout makes no difference.</param>
    public sealed record Measured(object Key, double Least, double Most) : ConditionVariable
    {
        /// <summary>Null for a constant.</summary>
        public static Measured? Of(Quantity quantity) => quantity switch
        {
            Quantity.Read read => new Measured(read.Attribute, LeastOf(read.Attribute.Unit), MostOf(read.Attribute.Unit)),
            // A slope may fall, and a forecast is a guess: it may leave what can be measured.
            Quantity.OverTime { Function: TimeFunction.Rate or TimeFunction.Forecast } guess =>
                new Measured((guess.Function, guess.Attribute, guess.Window), double.NegativeInfinity, double.PositiveInfinity),
            Quantity.OverTime over => new Measured((over.Function, over.Attribute, over.Window), LeastOf(over.Attribute.Unit), MostOf(over.Attribute.Unit)),
            Quantity.CountOf count => new Measured((count.Over, count.Text), 0, double.PositiveInfinity),
            _ => null,
        };

        // A munin field may be anything; nothing else that is measured is below zero.
        private static double LeastOf(Unit unit) => unit == Unit.Any ? double.NegativeInfinity : 0;

        private static double MostOf(Unit unit) => unit == Unit.Percent ? 100 : double.PositiveInfinity;
    }

    /// <summary>The state of the host that the condition is about.</summary>
    public sealed record State : ConditionVariable
    {
        /// <summary>Each state a host can be in, by the questions that are answered yes in it. The last: none of them (it is booting, or does not answer).</summary>
        public static readonly ImmutableArray<ImmutableHashSet<HostCondition>> Values =
        [
            [HostCondition.On], [HostCondition.On, HostCondition.Empty], [HostCondition.On, HostCondition.Empty, HostCondition.Idle],
            [HostCondition.On, HostCondition.Draining], [HostCondition.On, HostCondition.Empty, HostCondition.Draining],
            [HostCondition.On, HostCondition.InMaintenance], [HostCondition.On, HostCondition.Empty, HostCondition.InMaintenance],
            [HostCondition.Off], [],
        ];
    }

    /// <summary>A question that is answered yes or no whatever else holds: a tag, a name, a cluster, a time of day, a quantified condition.</summary>
    public sealed record YesOrNo(object Question) : ConditionVariable;

    /// <summary>The variable of a condition that has no parts, other than a comparison; null: it has parts.</summary>
    public static ConditionVariable? OfLeaf(Condition condition) => condition switch
    {
        Condition.Asks { Test: SubjectTest.InState } => new State(),
        Condition.Asks asks => new YesOrNo((asks.Subject, asks.Test)),
        Condition.Within within => new YesOrNo(within.Window with { Text = "" }),
        Condition.Quantified all => new YesOrNo((all.Quantifier, all.Over, all.Text)),
        _ => null,
    };
}
