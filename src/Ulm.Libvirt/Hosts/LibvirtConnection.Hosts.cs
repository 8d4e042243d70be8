using Ulm.Libvirt.Hosts;
using Ulm.Libvirt.Native;

namespace Ulm.Libvirt;

public sealed partial class LibvirtConnection
{
    /// <summary>The host's hardware and software versions (<c>virNodeGetInfo</c> and its kin).</summary>
    public Task<HostInfo> GetHostInfoAsync(CancellationToken cancellationToken) =>
        ReadAsync("virNodeGetInfo", conn => HostReader.Info(conn, Uri), cancellationToken);

    /// <summary>
    /// What all of the host's CPUs have done since it was booted, idling included, in nanoseconds (<c>virNodeGetCPUStats</c>). It grows for as long as the host
    /// is up and begins anew with each boot.
    /// </summary>
    /// <exception cref="LibvirtException"><see cref="LibvirtErrorCode.NoSupport"/>: this hypervisor does not tell.</exception>
    public Task<long> GetHostCpuTimeAsync(CancellationToken cancellationToken) =>
        ReadAsync("virNodeGetCPUStats", conn => HostReader.CpuTime(conn, Uri), cancellationToken);

    /// <summary>What the host can run, as libvirt's XML (<c>virConnectGetCapabilities</c>).</summary>
    public Task<string> GetCapabilitiesXmlAsync(CancellationToken cancellationToken) =>
        ReadAsync("virConnectGetCapabilities", conn => HostReader.CapabilitiesXml(conn, Uri), cancellationToken);

    /// <summary>What the host can run, read.</summary>
    /// <exception cref="FormatException">The host sent something that isn't capabilities.</exception>
    public async Task<HostCapabilities> GetCapabilitiesAsync(CancellationToken cancellationToken) =>
        HostCapabilities.Parse(await GetCapabilitiesXmlAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Names of the storage pools that are active, in no order (<c>virConnectListAllStoragePools</c>).</summary>
    /// <exception cref="LibvirtException"><see cref="LibvirtErrorCode.NoSupport"/>: this host's libvirt has no storage driver.</exception>
    public Task<IReadOnlyList<string>> ListActiveStoragePoolsAsync(CancellationToken cancellationToken) =>
        ReadAsync("virConnectListAllStoragePools", conn => HostReader.ActivePools(conn, Uri), cancellationToken);

    /// <summary>
    /// How this host's CPU stands to <paramref name="cpuXml"/>, a <c>&lt;cpu&gt;</c> element of a domain or of another host's capabilities
    /// (<c>virConnectCompareCPU</c>).
    /// </summary>
    public Task<CpuComparison> CompareCpuAsync(string cpuXml, CancellationToken cancellationToken) =>
        ReadAsync("virConnectCompareCPU", conn => HostReader.CompareCpu(conn, cpuXml, Uri), cancellationToken);

    /// <summary>
    /// Puts the host to sleep; its clock wakes it after <paramref name="duration"/>, at least a minute, counted in whole seconds
    /// (<c>virNodeSuspendForDuration</c>). Returns before it sleeps: libvirt waits some seconds first.
    /// </summary>
    public Task SuspendHostAsync(NodeSuspendTarget target, TimeSpan duration, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.FromSeconds(1));
        return CallAsync("virNodeSuspendForDuration", _options.OperationTimeout, conn =>
            LastError.Check(
                LibvirtApi.virNodeSuspendForDuration(conn, (uint)target, (ulong)duration.TotalSeconds, 0), "virNodeSuspendForDuration", Uri),
            cancellationToken);
    }
}
