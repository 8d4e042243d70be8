using Ulm.Libvirt.Native;

namespace Ulm.Libvirt.Hosts;

/// <summary>Host calls, to be made on a worker thread.</summary>
internal static class HostReader
{
    private const int AllCpus = -1;       // VIR_NODE_CPU_STATS_ALL_CPUS
    private const uint PoolsActive = 2;   // VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE

    public static unsafe HostInfo Info(ConnectHandle conn, string uri)
    {
        LastError.Check(LibvirtApi.virNodeGetInfo(conn, out var node), "virNodeGetInfo", uri);
        LastError.Check(LibvirtApi.virConnectGetLibVersion(conn, out var libvirt), "virConnectGetLibVersion", uri);
        LastError.Check(LibvirtApi.virConnectGetVersion(conn, out var hypervisor), "virConnectGetVersion", uri);
        var hostname = NativeString.Take(LastError.Check(LibvirtApi.virConnectGetHostname(conn), "virConnectGetHostname", uri));
        var type = NativeString.Borrow(LastError.Check(LibvirtApi.virConnectGetType(conn), "virConnectGetType", uri));
        return new HostInfo(
            hostname, type, NativeString.Borrow((nint)node.Model), (int)node.Cpus, (long)node.MemoryKiB * 1024, (int)node.Mhz, (int)node.Nodes,
            (int)node.Sockets, (int)node.Cores, (int)node.Threads, Version(libvirt), Version(hypervisor));
    }

    public static unsafe long CpuTime(ConnectHandle conn, string uri)
    {
        var count = 0;
        LastError.Check(LibvirtApi.virNodeGetCPUStats(conn, AllCpus, null, ref count, 0), "virNodeGetCPUStats", uri);
        var stats = stackalloc NodeCpuTime[count];
        LastError.Check(LibvirtApi.virNodeGetCPUStats(conn, AllCpus, stats, ref count, 0), "virNodeGetCPUStats", uri);
        var total = 0UL;
        for (var i = 0; i < count; i++)
        {
            // "utilization" is a share, which some hypervisors give in place of times.
            if (NativeString.Borrow((nint)stats[i].Field) is "kernel" or "user" or "idle" or "iowait" or "intr") total += stats[i].Value;
        }

        return (long)total;
    }

    public static string CapabilitiesXml(ConnectHandle conn, string uri) =>
        NativeString.Take(LastError.Check(LibvirtApi.virConnectGetCapabilities(conn), "virConnectGetCapabilities", uri));

    public static CpuComparison CompareCpu(ConnectHandle conn, string cpuXml, string uri) =>
        (CpuComparison)LastError.Check(LibvirtApi.virConnectCompareCPU(conn, cpuXml, 0), "virConnectCompareCPU", uri);

    public static unsafe IReadOnlyList<string> ActivePools(ConnectHandle conn, string uri)
    {
        var count = LastError.Check(LibvirtApi.virConnectListAllStoragePools(conn, out var pools, PoolsActive), "virConnectListAllStoragePools", uri);
        var names = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            names.Add(NativeString.Borrow(LibvirtApi.virStoragePoolGetName(pools[i])));
            LibvirtApi.virStoragePoolFree(pools[i]);
        }

        System.Runtime.InteropServices.NativeMemory.Free(pools);
        return names;
    }

    // libvirt packs a version as major * 1,000,000 + minor * 1,000 + release.
    private static Version Version(nuint packed) => new((int)(packed / 1_000_000), (int)(packed / 1_000 % 1_000), (int)(packed % 1_000));
}
