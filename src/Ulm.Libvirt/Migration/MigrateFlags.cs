namespace Ulm.Libvirt.Migration;

/// <summary><c>virDomainMigrateFlags</c>, as far as they are used.</summary>
[Flags]
internal enum MigrateFlags : uint
{
    Live = 1 << 0,
    PeerToPeer = 1 << 1,
    PersistDestination = 1 << 3,
    UndefineSource = 1 << 4,
    AutoConverge = 1 << 13,
    PostCopy = 1 << 15,
}
