namespace Ulm.Libvirt;

/// <summary>
/// A migration was aborted because it took longer, or stood still longer, than its options allow. The guest stayed where it was.
/// </summary>
public sealed class LibvirtMigrationTimeoutException : TimeoutException
{
    internal LibvirtMigrationTimeoutException(string message, bool stalled, MigrationProgress? lastProgress, Exception? inner)
        : base(message, inner)
    {
        (Stalled, LastProgress) = (stalled, lastProgress);
    }

    /// <summary>True for <see cref="MigrationOptions.StallTimeout"/>, false for <see cref="MigrationOptions.Timeout"/>.</summary>
    public bool Stalled { get; }

    /// <summary>How far it had come; null where libvirt never told.</summary>
    public MigrationProgress? LastProgress { get; }
}
