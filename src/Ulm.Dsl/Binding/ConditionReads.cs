using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Binding;

/// <summary>What a condition looks at.</summary>
internal static class ConditionReads
{
    public static HashSet<PolicyAttribute> Of(Condition condition)
    {
        var found = new HashSet<PolicyAttribute>();
        Collect(condition, found);
        return found;
    }

    /// <summary>VM if the condition reads any <c>vm.*</c>, else host.</summary>
    public static SubjectKind Subject(Condition condition) =>
        Of(condition).Any(a => a.Subject == SubjectKind.Vm) ? SubjectKind.Vm : SubjectKind.Host;

    /// <summary>The resource a rule is about where its action names none: memory if its condition reads memory and neither CPU nor load.</summary>
    public static Resource Resource(Condition? condition)
    {
        if (condition is null)
            return Policies.Resource.Cpu;
        var reads = Of(condition);
        var memory = reads.Contains(PolicyAttribute.HostMemory) || reads.Contains(PolicyAttribute.VmMemory);
        var cpu = reads.Contains(PolicyAttribute.HostCpu) || reads.Contains(PolicyAttribute.VmCpu) || reads.Contains(PolicyAttribute.HostLoad);
        return memory && !cpu ? Policies.Resource.Memory : Policies.Resource.Cpu;
    }

    private static void Collect(Condition condition, HashSet<PolicyAttribute> found)
    {
        switch (condition)
        {
            case Condition.And and:
                foreach (var operand in and.Operands)
                    Collect(operand, found);
                break;
            case Condition.Or or:
                foreach (var operand in or.Operands)
                    Collect(operand, found);
                break;
            case Condition.Not not:
                Collect(not.Operand, found);
                break;
            case Condition.Comparison comparison:
                Collect(comparison.Left, found);
                Collect(comparison.Right, found);
                break;
        }
    }

    private static void Collect(Quantity quantity, HashSet<PolicyAttribute> found)
    {
        if (quantity is Quantity.Read read)
            found.Add(read.Attribute);
    }
}
