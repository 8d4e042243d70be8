namespace Ulm.Libvirt;

/// <summary>Where a sleeping host keeps its state (<c>virNodeSuspendTarget</c>).</summary>
public enum NodeSuspendTarget
{
    /// <summary>Suspend to RAM.</summary>
    Memory = 0,

    /// <summary>Hibernate.</summary>
    Disk = 1,

    /// <summary>To RAM with an image on disk in case power fails.</summary>
    Hybrid = 2,
}
