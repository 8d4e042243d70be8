using System.Collections.Immutable;

namespace Ulm.Engine.Inventory;

/// <summary>A virtual machine that runs (or, where its host does not answer, last ran) on a host.</summary>
public sealed record Vm
{
    public required string Name { get; init; }

    /// <summary>The hypervisor's own identity of the VM; null in snapshots, where the name is all there is.</summary>
    public Guid? Id { get; init; }

    public required string Host { get; init; }

    public required int Vcpus { get; init; }

    /// <summary>Speed of one vCPU in MIPS: what 100 % of it takes from a host.</summary>
    public required double CpuMips { get; init; }

    /// <summary>Memory the VM holds on its host, whether it uses it or not.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>How fast it writes to memory anew, bytes per second; null: nobody has measured it, and it counts as nothing.</summary>
    public double? DirtyBytesPerSecond { get; init; }

    public ImmutableHashSet<string> Tags { get; init; } = [];

    /// <summary>The CPU model the guest must find, or null for any.</summary>
    public string? CpuModel { get; init; }

    /// <summary>Why this VM can't be moved live (a host device, a local disk), or null.</summary>
    public string? NotMigratableBecause { get; init; }

    public SubjectRef Ref => SubjectRef.Vm(Name);

    /// <param name="cpuPercent">Per cent of the VM's own vCPUs.</param>
    /// <returns>MIPS.</returns>
    public double CpuDemand(double cpuPercent) => cpuPercent / 100 * Vcpus * CpuMips;

    /// <summary>What it gets on a host with room for it: a vCPU runs on one CPU at a time, so no faster than that.</summary>
    /// <returns>MIPS.</returns>
    public double CpuUse(double cpuPercent, Host host) => Math.Min(CpuDemand(cpuPercent), Vcpus * host.CpuMips);
}
