namespace Ulm.Libvirt;

/// <summary>
/// A host's hardware and software (<c>virNodeGetInfo</c>, <c>virConnectGetHostname</c>, <c>virConnectGetLibVersion</c>,
/// <c>virConnectGetVersion</c>).
/// </summary>
/// <param name="Hostname">As the host calls itself.</param>
/// <param name="HypervisorType">The driver, such as QEMU or Test (<c>virConnectGetType</c>).</param>
/// <param name="CpuModel">The architecture word libvirt gives, such as x86_64; the CPU's model name is in <see
/// cref="HostCapabilities"/>.</param>
/// <param name="Cpus">Active logical CPUs.</param>
/// <param name="MemoryBytes">Physical memory.</param>
/// <param name="Mhz">Expected CPU frequency; 0 where unknown.</param>
/// <param name="NumaNodes">NUMA cells; 1 where the topology is unusual.</param>
/// <param name="SocketsPerNode">CPU sockets per NUMA cell.</param>
/// <param name="CoresPerSocket">Cores per socket.</param>
/// <param name="ThreadsPerCore">Threads per core.</param>
/// <param name="LibvirtVersion">The libvirt daemon's version.</param>
/// <param name="HypervisorVersion">The hypervisor's version, such as QEMU's.</param>
public sealed record HostInfo(
    string Hostname,
    string HypervisorType,
    string CpuModel,
    int Cpus,
    long MemoryBytes,
    int Mhz,
    int NumaNodes,
    int SocketsPerNode,
    int CoresPerSocket,
    int ThreadsPerCore,
    Version LibvirtVersion,
    Version HypervisorVersion);
