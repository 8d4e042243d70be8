namespace Ulm.Libvirt;

/// <summary>
/// A domain's counters at one moment (<c>virConnectGetAllDomainStats</c>). What the driver does not tell, or can't tell now (a domain
/// that is off; one whose monitor is busy), is null: never zero.
/// </summary>
/// <param name="Name">Its name on this host.</param>
/// <param name="Uuid">The same on every host.</param>
/// <param name="State">What it is doing.</param>
/// <param name="CapturedAt">When the host's answer arrived, by this program's clock.</param>
/// <param name="CpuTimeNs">CPU time used since its run began, hypervisor's share included, in nanoseconds. Starts at 0 with each run and
/// on each host.</param>
/// <param name="VcpusCurrent">Online virtual CPUs.</param>
/// <param name="VcpusMaximum">Virtual CPUs it may have.</param>
/// <param name="BalloonCurrentBytes">Memory the balloon leaves the guest.</param>
/// <param name="BalloonMaximumBytes">Memory it may have.</param>
/// <param name="BalloonRssBytes">Resident memory of its process on the host.</param>
/// <param name="BalloonUnusedBytes">Free memory as the guest sees it (needs the balloon driver).</param>
/// <param name="BalloonAvailableBytes">Total memory as the guest sees it (needs the balloon driver).</param>
/// <param name="NetReceivedBytes">Over all interfaces.</param>
/// <param name="NetSentBytes">Over all interfaces.</param>
/// <param name="BlockReadBytes">Over all disks.</param>
/// <param name="BlockWrittenBytes">Over all disks.</param>
public sealed record DomainStats(
    string Name,
    Guid Uuid,
    DomainState State,
    DateTimeOffset CapturedAt,
    long? CpuTimeNs,
    int? VcpusCurrent,
    int? VcpusMaximum,
    long? BalloonCurrentBytes,
    long? BalloonMaximumBytes,
    long? BalloonRssBytes,
    long? BalloonUnusedBytes,
    long? BalloonAvailableBytes,
    long? NetReceivedBytes,
    long? NetSentBytes,
    long? BlockReadBytes,
    long? BlockWrittenBytes)
{
    /// <summary>Memory written to anew each second, as last measured in this run; null: not measured yet, or being measured. See <see cref="LibvirtConnection.StartDirtyRateAsync"/>.</summary>
    public long? DirtyBytesPerSecond { get; init; }
}
