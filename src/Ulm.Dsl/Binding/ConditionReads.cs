using System.Collections.Immutable;
using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Binding;

/// <summary>What a condition looks at.</summary>
internal static class ConditionReads
{
    /// <summary>
    /// The finest kind that the condition reads or asks of: VM, else host, else cluster. Of hosts where it only asks for a tag, name or
    /// cluster; of clusters where it only asks for the time.
    /// </summary>
    public static SubjectKind Subject(Condition condition) =>
        Finest(condition) ?? (Parts(condition).Any(p => p is Condition.Asks) ? SubjectKind.Host : SubjectKind.Cluster);

    /// <summary>The same; null where it goes with any subject.</summary>
    public static SubjectKind? Finest(Condition condition) => condition switch
    {
        Condition.And and => Finest(and.Operands),
        Condition.Or or => Finest(or.Operands),
        Condition.Not not => Finest(not.Operand),
        Condition.Comparison comparison => Finer(Finest(comparison.Left), Finest(comparison.Right)),
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
        var memory = false;
        foreach (var part in condition is null ? [] : Parts(condition))
        {
            if (part is not Condition.Comparison comparison)
                continue;
            if (Reads(comparison, IsCpu))
                return Policies.Resource.Cpu;
            memory |= Reads(comparison, IsMemory);
        }
        return memory ? Policies.Resource.Memory : Policies.Resource.Cpu;
    }

    // Also over time, and within `any host (..)`.
    private static bool Reads(Condition.Comparison comparison, Func<PolicyAttribute, bool> which) =>
        (Attribute(comparison.Left) is { } left && which(left)) || (Attribute(comparison.Right) is { } right && which(right));

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

    private static SubjectKind? Finest(ImmutableArray<Condition> conditions)
    {
        SubjectKind? finest = null;
        foreach (var condition in conditions)
            finest = Finer(finest, Finest(condition));
        return finest;
    }

    private static SubjectKind? Finer(SubjectKind? a, SubjectKind? b) => a is { } known && !IsFiner(b, known) ? a : b;

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

    private static IEnumerable<Condition> Parts(Condition condition)
    {
        ImmutableArray<Condition> inner = condition switch
        {
            Condition.And and => and.Operands,
            Condition.Or or => or.Operands,
            Condition.Not not => [not.Operand],
            Condition.Quantified quantified => [quantified.Inner],
            Condition.Comparison { Left: not Quantity.CountOf, Right: not Quantity.CountOf } => [],
            Condition.Comparison comparison => [.. new[] { comparison.Left, comparison.Right }.OfType<Quantity.CountOf>().Select(c => c.Inner)],
            _ => [],
        };
        return inner.IsEmpty ? [condition] : inner.SelectMany(Parts).Prepend(condition);
    }
}
