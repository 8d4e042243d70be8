namespace Ulm.PlanetLab.Reference;

/// <summary>What the reference simulation takes for true of VMs and hosts.</summary>
/// <param name="KeepVms">VMs stay all day, and a host with a VM is on. Otherwise a VM is gone for good once it asks for nothing, and a host without load is off.</param>
/// <param name="HoldMemory">VMs hold their memory on their host. Otherwise it is not looked at.</param>
public sealed record ReferenceRules(bool KeepVms, bool HoldMemory)
{
    /// <summary>As the known figures were made.</summary>
    public static readonly ReferenceRules Published = new(false, false);

    /// <summary>As a site of real hosts is.</summary>
    public static readonly ReferenceRules Honest = new(true, true);

    internal bool IsOn(ReferenceHost host) => KeepVms ? host.Vms.Count > 0 : host.Used > 0;

    internal bool Fits(PaperHost host, ReferenceVm vm) =>
        host.Real.Spec.CpuMips >= vm.Demand && host.Free >= vm.Demand && (!HoldMemory || host.MB + vm.MB <= host.Real.Spec.MemoryBytes >> 20);
}
