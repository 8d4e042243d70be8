using Ulm.Dsl.Policies;

namespace Ulm.Engine.Rules;

/// <summary>Every attribute that anything in a policy set reads, or that planning itself rests on: what is worth measuring, and nothing else.</summary>
public static class PolicyReads
{
    /// <summary>What a placement is judged by, whatever the policies say, and what derived attributes are made of.</summary>
    private static readonly PolicyAttribute[] Always = [PolicyAttribute.HostCpu, PolicyAttribute.HostMemory, PolicyAttribute.VmCpu, PolicyAttribute.VmMemory];

    public static IReadOnlySet<PolicyAttribute> Of(PolicySet policies)
    {
        var found = new HashSet<PolicyAttribute>(Always);
        foreach (var rule in policies.Rules)
        {
            if (rule.Trigger is Trigger.When when) Collect(when.Condition, found);
            Collect(rule.Until, found);
            Collect(rule.Guards.Where, found);
            Collect(rule.Guards.Unless, found);
            foreach (var action in rule.Actions) Collect(action, found);
        }

        foreach (var constraint in policies.Constraints) Collect(constraint, found);
        return found;
    }

    /// <summary>What one condition reads.</summary>
    public static IReadOnlySet<PolicyAttribute> Of(Condition condition)
    {
        var found = new HashSet<PolicyAttribute>();
        Collect(condition, found);
        return found;
    }

    private static void Collect(PolicyAction action, HashSet<PolicyAttribute> found)
    {
        switch (action)
        {
            case PolicyAction.Evacuate evacuate:
                Collect(evacuate.ToHostsWhere, found);
                if (evacuate.By == Resource.Network) found.UnionWith([PolicyAttribute.VmNetIn, PolicyAttribute.VmNetOut]);
                break;
            case PolicyAction.PowerOnUntil on:
                Collect(on.Until, found);
                break;
            case PolicyAction.Notify notify:
                found.UnionWith(NotifyText.Parse(notify.Text).OfType<NotifyPiece.Placeholder>()
                    .Select(p => (NotifyText.Find(p.Name) as NotifyValue.OfSubject)?.Attribute).OfType<PolicyAttribute>());
                break;
        }
    }

    private static void Collect(StandingConstraint constraint, HashSet<PolicyAttribute> found)
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
        foreach (var where in selectors.OfType<Selector.Where>()) Collect(where.Condition, found);
    }

    private static void Collect(Condition? condition, HashSet<PolicyAttribute> found)
    {
        switch (condition)
        {
            case Condition.And and:
                foreach (var operand in and.Operands) Collect(operand, found);
                break;
            case Condition.Or or:
                foreach (var operand in or.Operands) Collect(operand, found);
                break;
            case Condition.Not not:
                Collect(not.Operand, found);
                break;
            case Condition.Quantified quantified:
                Collect(quantified.Inner, found);
                break;
            case Condition.Comparison comparison:
                Collect(comparison.Left, found);
                Collect(comparison.Right, found);
                break;
        }
    }

    private static void Collect(Quantity quantity, HashSet<PolicyAttribute> found)
    {
        switch (quantity)
        {
            case Quantity.Read read:
                found.Add(read.Attribute);
                break;
            case Quantity.OverTime over:
                found.Add(over.Attribute);
                break;
            case Quantity.CountOf count:
                Collect(count.Inner, found);
                break;
        }
    }
}
