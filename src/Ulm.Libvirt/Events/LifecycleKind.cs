namespace Ulm.Libvirt;

/// <summary>What happened to a domain (<c>virDomainEventType</c>), or to our knowledge of all of them.</summary>
public enum LifecycleKind
{
    /// <summary>
    /// The connection was opened, opened again, or events were lost: ask the host for its domains, events may be missing.
    /// </summary>
    Resync = -1,
    Defined = 0,
    Undefined = 1,
    Started = 2,
    Suspended = 3,
    Resumed = 4,
    Stopped = 5,
    Shutdown = 6,
    PMSuspended = 7,
    Crashed = 8,
}
