namespace Ulm.Libvirt;

/// <summary>A domain a host knows of.</summary>
/// <param name="Name">Its name on this host.</param>
/// <param name="Uuid">The same on every host.</param>
/// <param name="Id">The number of its current run on this host; null while it is not active.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Persistent">Whether its definition outlives its run.</param>
public sealed record DomainSummary(string Name, Guid Uuid, int? Id, DomainState State, bool Persistent)
{
    /// <summary>It has a run on this host, paused or not.</summary>
    public bool Active => Id is not null;

    /// <summary>It is the copy that a migration fills, paused until that has ended; one that somebody paused is not.</summary>
    public bool Incoming { get; init; }

    /// <summary>It is being migrated and in post-copy: this host has a part of its memory, the other host the rest.</summary>
    public bool InPostCopy { get; init; }

    /// <summary>Its migration broke in post-copy: this host has a part of its memory, the other host the rest. Known by libvirt 8.5 and newer.</summary>
    public bool PostCopyFailed { get; init; }
}
