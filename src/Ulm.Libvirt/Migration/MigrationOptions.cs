namespace Ulm.Libvirt;

/// <summary>
/// How to move a running domain (<c>virDomainMigrateToURI3</c>). Always live and peer to peer: the source host talks to the destination.
/// Immutable.
/// </summary>
public sealed record MigrationOptions
{
    /// <summary>Upper bound on the copy, in MiB/s; 0 is no bound. Default 0.</summary>
    public long BandwidthMiBps { get; init; }

    /// <summary>Slow the guest down step by step while it dirties memory faster than it can be copied. Default false.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>
    /// The migration may be switched to post-copy: the guest runs on the destination and fetches missing memory from the source. From
    /// then on
    /// neither side alone has the whole guest, and neither the timeouts nor cancellation abort it. Default false.
    /// </summary>
    public bool PostCopy { get; init; }

    /// <summary>With <see cref="PostCopy"/>: switch after this long; null leaves it prepared but never switched. Default null.</summary>
    public TimeSpan? PostCopyAfter { get; init; }

    /// <summary>How long the guest may stand still at the end; null is the hypervisor's default (QEMU: 0.3 s). Default null.</summary>
    public TimeSpan? MaxDowntime { get; init; }

    /// <summary>Define the domain on the destination. Default true.</summary>
    public bool PersistDestination { get; init; } = true;

    /// <summary>Undefine it on the source once it has left. Default true.</summary>
    public bool UndefineSource { get; init; } = true;

    /// <summary>Another name on the destination; null keeps it. Default null.</summary>
    public string? DestinationName { get; init; }

    /// <summary>Where the guest's memory is sent, such as tcp://10.0.0.2; null lets the destination choose. Default null.</summary>
    public string? MigrationUri { get; init; }

    /// <summary>Where graphics clients are sent on, such as spice://host:5900; null is none. Default null.</summary>
    public string? GraphicsUri { get; init; }

    /// <summary>Abort when the whole migration takes longer; null never. Default null.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Abort when the least data ever left to copy has not become less for this long; null never. Default null.</summary>
    public TimeSpan? StallTimeout { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(BandwidthMiBps);
        Positive(PostCopyAfter, nameof(PostCopyAfter));
        Positive(MaxDowntime, nameof(MaxDowntime));
        Positive(Timeout, nameof(Timeout));
        Positive(StallTimeout, nameof(StallTimeout));
        if (PostCopyAfter is not null && !PostCopy)
            throw new ArgumentException($"{nameof(PostCopyAfter)} needs {nameof(PostCopy)}");
    }

    private static void Positive(TimeSpan? value, string name)
    {
        if (value is { } span) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero, name);
    }
}
