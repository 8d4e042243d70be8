using Ulm.Dsl.Policies;
using Ulm.Engine.Facts;
using Ulm.Engine.Inventory;

namespace Ulm.Engine.Planning;

/// <summary>
/// What must hold for a VM to move, and for a host to take it. Each filter names itself by its refusal code and gives its numbers;
/// the first that objects is the reason shown.
/// </summary>
public static class PlacementFilters
{
    /// <summary>Why this VM may not move at all, wherever to; null if it may.</summary>
    /// <param name="ignoreCooldown">For drains, and for mending what breaks a constraint.</param>
    public static Obstacle? ForVm(Placement placement, Vm vm, bool ignoreCooldown = false)
    {
        if (placement.Constraints.ForbidsMoving(placement.IndexOf(vm), ignoreCooldown) is { } forbidden) return forbidden;
        if (vm.NotMigratableBecause is { } because) return new(RefusalCode.NotMigratable, because);
        if (placement.Facts.HoldOn(vm) is { } hold) return new(RefusalCode.HeldBack, hold.ToString());
        if (placement.Facts.Held.TryGetValue(vm.Name, out var held)) return new(RefusalCode.HeldBack, held);
        if (placement.Facts.InFlight.TryGetValue(vm.Ref, out var doing)) return new(RefusalCode.BeingActedOn, doing);
        if (placement.HostOf(vm).Name != vm.Host) return new(RefusalCode.BeingActedOn, $"an earlier decision moves it to {placement.HostOf(vm).Name}");
        var cpu = placement.Facts.Read(vm.Ref, PolicyAttribute.VmCpu);
        return cpu.IsKnown ? null : new(RefusalCode.DataUnknown, $"its CPU use is unknown: {cpu.UnknownBecause}");
    }

    /// <summary>Why this host can't take this VM; null if it can.</summary>
    /// <param name="asGroup">True: the VMs it is kept together with come along, so that they need not be there yet.</param>
    public static Obstacle? ForTarget(Placement placement, Vm vm, Host target, PlacementLimits limits, bool asGroup = false) =>
        Objection(placement, placement.IndexOf(vm), placement.IndexOf(target), limits, asGroup) is { } code
            ? new Obstacle(code, Reason(code, placement, vm, target, limits))
            : null;

    /// <summary>The same without the words, for searches that try thousands of hosts and tell of few.</summary>
    internal static RefusalCode? Objection(Placement placement, int vm, int target, PlacementLimits limits, bool asGroup = false)
    {
        var source = placement.HostAt(vm);
        if (target == source) return RefusalCode.SameHost;
        var (v, host) = (placement.Site.Vms[vm], placement.Site.Hosts[target]);
        if (host.Cluster != placement.Site.Hosts[source].Cluster) return RefusalCode.OtherCluster;
        if (host.State != HostState.On) return RefusalCode.HostNotOn;
        if (placement.Facts.HoldOn(host) is not null) return RefusalCode.HeldBack;
        if (!CpuModels.Fits(v.CpuModel, host)) return RefusalCode.CpuModelDiffers;
        if (placement.MemoryAt(target) + v.MemoryBytes > limits.MemoryOf(host)) return RefusalCode.NotEnoughMemory;
        if (!placement.CpuIsKnownAt(target)) return RefusalCode.DataUnknown;
        var (used, share) = (placement.CpuAt(target) / host.CpuCapacity * 100, placement.DemandAt(vm) / host.CpuCapacity * 100);
        if (used + share > limits.CpuPercent) return RefusalCode.TooMuchCpu;
        if (placement.Constraints.Objection(placement, vm, target, asGroup) is { } constrained) return constrained;
        return limits.Passed(placement, target, vm) is null ? null : RefusalCode.RuleWouldAct;
    }

    private static string Reason(RefusalCode code, Placement placement, Vm vm, Host target, PlacementLimits limits) => code switch
    {
        RefusalCode.SameHost => "it is there already",
        RefusalCode.OtherCluster => $"is in cluster {target.Cluster}, not {placement.HostOf(vm).Cluster}",
        RefusalCode.HeldBack => placement.Facts.HoldOn(target)!.OfSubject,
        RefusalCode.HostNotOn => $"is {SiteFacts.Describe(target.State)}",
        RefusalCode.CpuModelDiffers => $"offers CPU {target.CpuModel ?? "of an unknown model"}, which is not enough for the VM's {vm.CpuModel}",
        RefusalCode.NotEnoughMemory =>
            $"memory {Show.Bytes(placement.Memory(target))} + {Show.Bytes(vm.MemoryBytes)} of {Show.Bytes(target.MemoryBytes)} {Over(target, limits)}",
        RefusalCode.DataUnknown => $"its CPU use is unknown: {placement.MeasuredCpu(target).UnknownBecause}",
        RefusalCode.TooMuchCpu =>
            $"cpu {Show.Percent(placement.CpuPercent(target))} + {Show.Percent(placement.ShareOf(vm, target, Resource.Cpu))} is over {Show.Percent(limits.CpuPercent)}",
        RefusalCode.RuleWouldAct => limits.Passed(placement, placement.IndexOf(target), placement.IndexOf(vm))!.Why(placement, placement.IndexOf(target), placement.IndexOf(vm)),
        _ => placement.Constraints.Reason(code, placement, placement.IndexOf(vm), placement.IndexOf(target)),
    };

    private static string Over(Host host, PlacementLimits limits) => limits.MemoryOf(host) is var most && most >= limits.MemoryPercent / 100 * host.MemoryBytes
        ? $"is over {Show.Percent(limits.MemoryPercent)}"
        : $"leaves less than {Show.Bytes(host.MemoryBytes - most)} free";
}
