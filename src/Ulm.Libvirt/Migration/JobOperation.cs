namespace Ulm.Libvirt;

/// <summary>What a domain's job does (<c>virDomainJobOperation</c>).</summary>
public enum JobOperation
{
    Unknown = 0,
    Start = 1,
    Save = 2,
    Restore = 3,
    MigrationIn = 4,
    MigrationOut = 5,
    Snapshot = 6,
    SnapshotRevert = 7,
    Dump = 8,
    Backup = 9,
    SnapshotDelete = 10,
}
