namespace Ulm.Libvirt;

/// <summary>What a domain is doing (<c>virDomainState</c>).</summary>
public enum DomainState
{
    NoState = 0,
    Running = 1,
    /// <summary>Running, waiting on a resource.</summary>
    Blocked = 2,
    Paused = 3,
    /// <summary>On its way down, still there.</summary>
    ShuttingDown = 4,
    ShutOff = 5,
    Crashed = 6,
    /// <summary>Put to sleep by the guest's power management.</summary>
    PMSuspended = 7,
}
