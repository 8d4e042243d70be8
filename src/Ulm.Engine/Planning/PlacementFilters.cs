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
    public static Obstacle? ForVm(Placement placement, Vm vm, ConstraintSet constraints)
    {
        if (constraints.ForbidsMigrating(vm) is { } sentence) return new(RefusalCode.NeverMigrate, $"\"{sentence}\"");
        if (vm.NotMigratableBecause is { } because) return new(RefusalCode.NotMigratable, because);
        if (placement.Facts.Held.TryGetValue(vm.Name, out var held)) return new(RefusalCode.HeldBack, held);
        if (placement.Facts.InFlight.TryGetValue(vm.Ref, out var doing)) return new(RefusalCode.BeingActedOn, doing);
        if (placement.HostOf(vm).Name != vm.Host) return new(RefusalCode.BeingActedOn, $"an earlier decision moves it to {placement.HostOf(vm).Name}");
        var cpu = placement.Facts.Read(vm.Ref, PolicyAttribute.VmCpu);
        return cpu.IsKnown ? null : new(RefusalCode.DataUnknown, $"its CPU use is unknown: {cpu.UnknownBecause}");
    }

    /// <summary>Why this host can't take this VM; null if it can.</summary>
    public static Obstacle? ForTarget(Placement placement, Vm vm, Host target, PlacementLimits limits)
    {
        var source = placement.HostOf(vm);
        if (target.Name == source.Name) return new(RefusalCode.SameHost, "it is there already");
        if (target.Cluster != source.Cluster) return new(RefusalCode.OtherCluster, $"is in cluster {target.Cluster}, not {source.Cluster}");
        if (target.State != HostState.On) return new(RefusalCode.HostNotOn, $"is {SiteFacts.Describe(target.State)}");
        if (!CpuModels.Fits(vm.CpuModel, target))
            return new(RefusalCode.CpuModelDiffers, $"offers CPU {target.CpuModel ?? "of an unknown model"}, which is not enough for the VM's {vm.CpuModel}");
        return Memory(placement, vm, target, limits) ?? Cpu(placement, vm, target, limits);
    }

    private static Obstacle? Memory(Placement placement, Vm vm, Host target, PlacementLimits limits)
    {
        var after = placement.Memory(target) + vm.MemoryBytes;
        return after <= limits.MemoryPercent / 100 * target.MemoryBytes ? null : new(
            RefusalCode.NotEnoughMemory,
            $"memory {Show.Bytes(placement.Memory(target))} + {Show.Bytes(vm.MemoryBytes)} of {Show.Bytes(target.MemoryBytes)} is over {Show.Percent(limits.MemoryPercent)}");
    }

    private static Obstacle? Cpu(Placement placement, Vm vm, Host target, PlacementLimits limits)
    {
        var measured = placement.Facts.Read(target.Ref, PolicyAttribute.HostCpu);
        if (!measured.IsKnown) return new(RefusalCode.DataUnknown, $"its CPU use is unknown: {measured.UnknownBecause}");
        var share = placement.ShareOf(vm, target, Resource.Cpu);
        return placement.CpuPercent(target) + share <= limits.CpuPercent ? null : new(
            RefusalCode.TooMuchCpu,
            $"cpu {Show.Percent(placement.CpuPercent(target))} + {Show.Percent(share)} is over {Show.Percent(limits.CpuPercent)}");
    }
}
