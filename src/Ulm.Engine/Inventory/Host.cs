using System.Collections.Immutable;

namespace Ulm.Engine.Inventory;

/// <summary>Where a physical host is in its life. Only <see cref="On"/> takes VMs.</summary>
public enum HostState
{
    /// <summary>The hypervisor answers and newcomers are let in.</summary>
    On,

    /// <summary>On, but closed to newcomers: being emptied, or about to be powered off.</summary>
    Draining,

    /// <summary>Kept out by an administrator.</summary>
    Maintenance,

    PoweringOff,
    Off,
    PoweringOn,

    /// <summary>It failed to wake: whatever can be seen of it, it is left alone until a person clears it.</summary>
    Failed,

    /// <summary>The hypervisor does not answer and the BMC does not say that the host is off. What runs there is unknown.</summary>
    Unreachable,
}

/// <summary>A physical host as the inventory knows it. What changes from poll to poll (load, temperature) is a metric, not here.</summary>
public sealed record Host
{
    public const string DefaultCluster = "default";

    /// <summary>Speed assumed for a CPU nothing is known about; only ratios matter.</summary>
    public const double DefaultCpuMips = 1000;

    public const double DefaultNetMbps = 1000;

    public required string Name { get; init; }

    /// <summary>The unit within which VMs may move.</summary>
    public string Cluster { get; init; } = DefaultCluster;

    public required int Cpus { get; init; }

    /// <summary>Speed of one CPU, so that hosts of unequal speed compare.</summary>
    public double CpuMips { get; init; } = DefaultCpuMips;

    public required long MemoryBytes { get; init; }

    /// <summary>Speed of the link that migrations use, Mbit/s.</summary>
    public double NetMbps { get; init; } = DefaultNetMbps;

    public HostState State { get; init; } = HostState.On;

    public ImmutableHashSet<string> Tags { get; init; } = [];

    /// <summary>The CPU model guests see, or null where it is not known (then any guest is let in).</summary>
    public string? CpuModel { get; init; }

    /// <summary>CPU models that VMs of this site need and this host can't give them, as far as its hypervisor has been asked.</summary>
    public ImmutableHashSet<string> UnusableCpuModels { get; init; } = [];

    public PowerCurve Power { get; init; } = PowerCurve.Typical;

    /// <summary>From power-on until the hypervisor answers.</summary>
    public TimeSpan BootTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>From the order to power off until the host is off.</summary>
    public TimeSpan ShutdownTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>False: nothing is configured that could power this host off or on.</summary>
    public bool HasPowerControl { get; init; } = true;

    /// <summary>False: whether it is off can't be asked, only whether anything of it answers.</summary>
    public bool TellsPowerState { get; init; } = true;

    public SubjectRef Ref => SubjectRef.Host(Name);

    /// <summary>All CPUs together, MIPS.</summary>
    public double CpuCapacity => Cpus * CpuMips;
}
