using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary>Connections and hosts: libvirt-host.h, and the domain event registration that belongs to a connection.</summary>
internal static unsafe partial class LibvirtApi
{
    public const int DomainEventLifecycle = 0;

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial ConnectHandle virConnectOpen(string uri);
    [LibraryImport(Library)] public static partial int virConnectClose(nint conn);
    [LibraryImport(Library)] public static partial int virConnectIsAlive(ConnectHandle conn);
    [LibraryImport(Library)] public static partial int virConnectSetKeepAlive(ConnectHandle conn, int intervalSeconds, uint count);

    [LibraryImport(Library)]
    public static partial int virConnectRegisterCloseCallback(
        ConnectHandle conn, delegate* unmanaged<nint, int, nint, void> cb, nint opaque, delegate* unmanaged<nint, void> freecb);

    [LibraryImport(Library)]
    public static partial int virConnectUnregisterCloseCallback(ConnectHandle conn, delegate* unmanaged<nint, int, nint, void> cb);

    [LibraryImport(Library)]
    public static partial int virConnectDomainEventRegisterAny(
        ConnectHandle conn, nint dom, int eventId, delegate* unmanaged<nint, nint, int, int, nint, int> cb, nint opaque,
        delegate* unmanaged<nint, void> freecb);

    [LibraryImport(Library)] public static partial int virConnectDomainEventDeregisterAny(ConnectHandle conn, int callbackId);

    [LibraryImport(Library)] public static partial nint virConnectGetHostname(ConnectHandle conn);
    [LibraryImport(Library)] public static partial nint virConnectGetType(ConnectHandle conn);
    [LibraryImport(Library)] public static partial int virConnectGetVersion(ConnectHandle conn, out nuint version);
    [LibraryImport(Library)] public static partial int virConnectGetLibVersion(ConnectHandle conn, out nuint version);
    [LibraryImport(Library)] public static partial nint virConnectGetCapabilities(ConnectHandle conn);
    [LibraryImport(Library)] public static partial int virNodeGetInfo(ConnectHandle conn, out NodeInfo info);
    [LibraryImport(Library)] public static partial int virNodeGetCPUStats(ConnectHandle conn, int cpu, NodeCpuTime* stats, ref int count, uint flags);
    [LibraryImport(Library)] public static partial int virNodeSuspendForDuration(ConnectHandle conn, uint target, ulong seconds, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virConnectCompareCPU(ConnectHandle conn, string xml, uint flags);

    [LibraryImport(Library)] public static partial int virConnectListAllStoragePools(ConnectHandle conn, out nint* pools, uint flags);
    [LibraryImport(Library)] public static partial nint virStoragePoolGetName(nint pool);
    [LibraryImport(Library)] public static partial int virStoragePoolFree(nint pool);

    [LibraryImport(Library)] public static partial int virConnectListAllDomains(ConnectHandle conn, out nint* domains, uint flags);

    [LibraryImport(Library)]
    public static partial int virConnectGetAllDomainStats(ConnectHandle conn, uint stats, out StatsRecord** records, uint flags);

    [LibraryImport(Library)] public static partial void virDomainStatsRecordListFree(StatsRecord** records);
}
