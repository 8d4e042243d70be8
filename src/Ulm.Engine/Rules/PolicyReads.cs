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
        found.UnionWith(PolicyQuantities.Of(policies).SelectMany(ReadBy));
        foreach (var action in policies.Rules.SelectMany(r => r.Actions))
        {
            if (action is PolicyAction.Evacuate { By: Resource.Network }) found.UnionWith([PolicyAttribute.VmNetIn, PolicyAttribute.VmNetOut]);
            if (action is PolicyAction.Notify notify)
                found.UnionWith(NotifyText.Parse(notify.Text).OfType<NotifyPiece.Placeholder>()
                    .Select(p => (NotifyText.Find(p.Name) as NotifyValue.OfSubject)?.Attribute).OfType<PolicyAttribute>());
        }

        // What a VM that goes there brings with it.
        if (policies.Rules.Any(r => r.Actions.Any(a => a is PolicyAction.Evacuate or PolicyAction.Drain { Host: null })))
            found.UnionWith(found.Select(a => a.OfVms).OfType<PolicyAttribute>().ToList());
        return found;
    }

    /// <summary>What one condition reads.</summary>
    public static IReadOnlySet<PolicyAttribute> Of(Condition condition) => PolicyQuantities.Of(condition).SelectMany(ReadBy).ToHashSet();

    private static IEnumerable<PolicyAttribute> ReadBy(Quantity quantity) => quantity switch
    {
        Quantity.Read read => [read.Attribute],
        Quantity.OverTime over => [over.Attribute],
        _ => [],
    };
}
