namespace Ulm.Libvirt;

/// <summary>A change in a domain's life as its host tells it (<c>VIR_DOMAIN_EVENT_ID_LIFECYCLE</c>).</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Uuid">The domain; empty for <see cref="LifecycleKind.Resync"/>.</param>
/// <param name="Name">Its name; empty for <see cref="LifecycleKind.Resync"/>.</param>
/// <param name="Detail">libvirt's number for why, within the kind (<c>virDomainEvent*DetailType</c>); numbers of newer versions pass
/// through.</param>
/// <param name="At">When this program heard of it.</param>
public sealed record DomainLifecycleEvent(LifecycleKind Kind, Guid Uuid, string Name, int Detail, DateTimeOffset At)
{
    /// <summary>True where the change is one half of a migration: the guest goes on running on another host, or came from one.</summary>
    public bool IsMigration => (Kind, Detail) is
        (LifecycleKind.Started, 1)       // STARTED_MIGRATED
        or (LifecycleKind.Suspended, 1 or 7)   // SUSPENDED_MIGRATED, SUSPENDED_POSTCOPY
        or (LifecycleKind.Resumed, 1 or 3)     // RESUMED_MIGRATED, RESUMED_POSTCOPY
        or (LifecycleKind.Stopped, 3);         // STOPPED_MIGRATED

    internal static DomainLifecycleEvent Resync(DateTimeOffset at) => new(LifecycleKind.Resync, Guid.Empty, "", 0, at);
}
