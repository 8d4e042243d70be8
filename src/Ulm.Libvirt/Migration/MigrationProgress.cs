namespace Ulm.Libvirt;

/// <summary>How far a domain's job has come (<c>virDomainGetJobStats</c>). Immutable.</summary>
/// <param name="Operation">What the job does.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="Remaining">The hypervisor's guess; null where it has none.</param>
/// <param name="DataTotalBytes">Memory and disks to copy; grows as the guest dirties memory again.</param>
/// <param name="DataProcessedBytes">Copied so far.</param>
/// <param name="DataRemainingBytes">Left to copy, as of now.</param>
/// <param name="MemoryBytesPerSecond">Speed of the memory copy.</param>
/// <param name="DirtyBytesPerSecond">How fast the guest dirties memory; a copy slower than this does not end by itself.</param>
/// <param name="Iteration">Passes over memory.</param>
/// <param name="ThrottlePercent">How much auto-converge slows the guest down.</param>
/// <param name="Downtime">How long the guest stands still at the end: expected while the job runs, measured when it is complete.</param>
public sealed record MigrationProgress(
    JobOperation Operation,
    TimeSpan Elapsed,
    TimeSpan? Remaining,
    long DataTotalBytes,
    long DataProcessedBytes,
    long DataRemainingBytes,
    long? MemoryBytesPerSecond,
    long? DirtyBytesPerSecond,
    int? Iteration,
    int? ThrottlePercent,
    TimeSpan? Downtime)
{
    /// <summary>This migration was switched to post-copy: the guest runs on the destination, and nothing aborts it any more.</summary>
    public bool PostCopy { get; init; }
}
