using Ulm.Dsl.Policies;

namespace Ulm.Engine;

/// <summary>Everything that stands on a side of a comparison, anywhere in a policy set.</summary>
public static class PolicyQuantities
{
    public static IEnumerable<Quantity> Of(PolicySet policies) =>
        policies.Rules.SelectMany(ConditionsOf).Concat(policies.Constraints.SelectMany(ConditionsOf)).SelectMany(Of);

    /// <summary>Those within counts and quantifiers too.</summary>
    public static IEnumerable<Quantity> Of(Condition condition) => condition switch
    {
        Condition.And and => and.Operands.SelectMany(Of),
        Condition.Or or => or.Operands.SelectMany(Of),
        Condition.Not not => Of(not.Operand),
        Condition.Quantified quantified => Of(quantified.Inner),
        Condition.Comparison comparison => new[] { comparison.Left, comparison.Right }.SelectMany(q => q is Quantity.CountOf count ? Of(count.Inner).Prepend(q) : [q]),
        _ => [],
    };

    private static IEnumerable<Condition> ConditionsOf(Rule rule)
    {
        if (rule.Trigger is Trigger.When when) yield return when.Condition;
        if (rule.Until is { } until) yield return until;
        if (rule.Guards.Where is { } where) yield return where;
        if (rule.Guards.Unless is { } unless) yield return unless;
        foreach (var action in rule.Actions)
        {
            if (action is PolicyAction.Evacuate { ToHostsWhere: { } hosts }) yield return hosts;
            else if (action is PolicyAction.PowerOnUntil on) yield return on.Until;
        }
    }

    private static IEnumerable<Condition> ConditionsOf(StandingConstraint constraint)
    {
        Selector[] selectors = constraint switch
        {
            StandingConstraint.NeverMigrate never => [never.Vms],
            StandingConstraint.NeverPowerOff never => [never.Hosts],
            StandingConstraint.Apart apart => [apart.Vms],
            StandingConstraint.Together together => [together.Vms],
            StandingConstraint.KeepOn keep => [keep.Vms, keep.Hosts],
            _ => [],
        };
        return selectors.OfType<Selector.Where>().Select(w => w.Condition);
    }
}
