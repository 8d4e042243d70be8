namespace Ulm.Dsl.Policies;

/// <summary>What a load is measured by when VMs are compared or hosts evened out.</summary>
public enum Resource
{
    Cpu,
    Memory,
}

/// <summary>What a rule does when it fires.</summary>
public abstract record PolicyAction
{
    private PolicyAction() { }

    /// <summary><c>evacuate heaviest [fitting] vm [by cpu / memory]</c>.</summary>
    /// <param name="Fitting">True: while a VM fits nowhere, try the next one. False: only the heaviest is tried.</param>
    /// <param name="By">As written, else the resource the rule's condition reads (memory if it reads memory and not CPU or load).</param>
    public sealed record EvacuateHeaviest(bool Fitting, Resource By) : PolicyAction;

    /// <summary><c>balance [by cpu / memory] [to within N%]</c>: move as little as needed so that hosts differ by no more.</summary>
    /// <param name="TolerancePercent">In percentage points; 10 where the sentence has no <c>to within</c>.</param>
    public sealed record Balance(Resource By, double TolerancePercent) : PolicyAction;

    /// <summary><c>consolidate</c>: empty as many hosts as the constraints allow, all or nothing for each host.</summary>
    public sealed record Consolidate : PolicyAction;

    /// <summary><c>power off idle hosts [keeping N spare]</c>.</summary>
    public sealed record PowerOffIdle(int KeepSpare) : PolicyAction;

    /// <summary><c>power on N host(s)</c>.</summary>
    public sealed record PowerOn(int Count) : PolicyAction;
}
