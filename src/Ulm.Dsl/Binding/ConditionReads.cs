using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Binding;

/// <summary>What a condition looks at.</summary>
internal static class ConditionReads
{
    /// <summary>Every attribute, also those read over time and within <c>any host (..)</c>.</summary>
    public static HashSet<PolicyAttribute> Of(Condition condition)
    {
        var found = new HashSet<PolicyAttribute>();
        foreach (var part in Parts(condition))
        {
            if (part is Condition.Comparison comparison)
                found.UnionWith(Sides(comparison).Select(Attribute).OfType<PolicyAttribute>());
        }
        return found;
    }

    /// <summary>
    /// The finest kind that the condition reads or asks of: VM, else host, else cluster. Of hosts where it only asks for a tag, name or
    /// cluster; of clusters where it only asks for the time.
    /// </summary>
    public static SubjectKind Subject(Condition condition) =>
        Finest(condition) ?? (Parts(condition).Any(p => p is Condition.Asks) ? SubjectKind.Host : SubjectKind.Cluster);

    /// <summary>The same; null where it goes with any subject.</summary>
    public static SubjectKind? Finest(Condition condition) => condition switch
    {
        Condition.And and => Finest(and.Operands.Select(Finest)),
        Condition.Or or => Finest(or.Operands.Select(Finest)),
        Condition.Not not => Finest(not.Operand),
        Condition.Comparison comparison => Finest(Sides(comparison).Select(Finest)),
        Condition.Asks { Subject: { } subject } => subject,
        // Clusters have no tags.
        Condition.Asks { Test: SubjectTest.Tagged } => SubjectKind.Host,
        Condition.Quantified => SubjectKind.Cluster,
        _ => null,
    };

    /// <summary>Whether a condition over <paramref name="kind"/> can't be evaluated for <paramref name="subject"/>: it would have to choose among several.</summary>
    public static bool IsFiner(SubjectKind? kind, SubjectKind subject) => kind is { } k && Fineness(k) > Fineness(subject);

    /// <summary>The resource a rule is about where its action names none: memory if its condition reads memory and neither CPU nor load.</summary>
    public static Resource Resource(Condition? condition)
    {
        if (condition is null)
            return Policies.Resource.Cpu;
        var reads = Of(condition);
        return reads.Any(IsMemory) && !reads.Any(IsCpu) ? Policies.Resource.Memory : Policies.Resource.Cpu;
    }

    private static bool IsMemory(PolicyAttribute attribute) =>
        attribute == PolicyAttribute.HostMemory || attribute == PolicyAttribute.HostMemoryFree || attribute == PolicyAttribute.HostSwap
        || attribute == PolicyAttribute.VmMemory || attribute == PolicyAttribute.ClusterMemory;

    private static bool IsCpu(PolicyAttribute attribute) =>
        attribute == PolicyAttribute.HostCpu || attribute == PolicyAttribute.HostCpuSteal || attribute == PolicyAttribute.HostCpuIoWait
        || attribute == PolicyAttribute.HostLoad || attribute == PolicyAttribute.VmCpu || attribute == PolicyAttribute.ClusterCpu;

    private static int Fineness(SubjectKind kind) => kind switch
    {
        SubjectKind.Vm => 2,
        SubjectKind.Host => 1,
        _ => 0,
    };

    private static SubjectKind? Finest(IEnumerable<SubjectKind?> kinds) =>
        kinds.Aggregate((SubjectKind?)null, (finest, kind) => finest is { } f && !IsFiner(kind, f) ? finest : kind);

    private static SubjectKind? Finest(Quantity quantity) => quantity switch
    {
        Quantity.CountOf => SubjectKind.Cluster,
        _ => Attribute(quantity)?.Subject,
    };

    private static PolicyAttribute? Attribute(Quantity quantity) => quantity switch
    {
        Quantity.Read read => read.Attribute,
        Quantity.OverTime over => over.Attribute,
        _ => null,
    };

    private static Quantity[] Sides(Condition.Comparison comparison) => [comparison.Left, comparison.Right];

    private static IEnumerable<Condition> Parts(Condition condition)
    {
        ImmutableArray<Condition> inner = condition switch
        {
            Condition.And and => and.Operands,
            Condition.Or or => or.Operands,
            Condition.Not not => [not.Operand],
            Condition.Quantified quantified => [quantified.Inner],
            Condition.Comparison comparison => [.. Sides(comparison).OfType<Quantity.CountOf>().Select(c => c.Inner)],
            _ => [],
        };
        return inner.SelectMany(Parts).Prepend(condition);
    }
}
