using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary>
/// Domains and their jobs: libvirt-domain.h. The overloads on <c>nint</c> take borrowed domains out of lists and callbacks.
/// </summary>
internal static unsafe partial class LibvirtApi
{
    [LibraryImport(Library)] public static partial DomainHandle virDomainLookupByUUID(ConnectHandle conn, byte* uuid);
    [LibraryImport(Library)] public static partial int virDomainFree(nint dom);
    [LibraryImport(Library)] public static partial nint virDomainGetName(nint dom);
    [LibraryImport(Library)] public static partial int virDomainGetUUID(nint dom, byte* uuid);
    [LibraryImport(Library)] public static partial int virDomainGetUUID(DomainHandle dom, byte* uuid);
    [LibraryImport(Library)] public static partial uint virDomainGetID(nint dom);
    [LibraryImport(Library)] public static partial int virDomainGetState(DomainHandle dom, out int state, out int reason, uint flags);
    [LibraryImport(Library)] public static partial nint virDomainGetXMLDesc(DomainHandle dom, uint flags);

    [LibraryImport(Library)] public static partial int virDomainCreate(DomainHandle dom);
    [LibraryImport(Library)] public static partial int virDomainShutdown(DomainHandle dom);
    [LibraryImport(Library)] public static partial int virDomainDestroy(DomainHandle dom);
    [LibraryImport(Library)] public static partial int virDomainUndefineFlags(DomainHandle dom, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainDefineXML(ConnectHandle conn, string xml);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial DomainHandle virDomainCreateXML(ConnectHandle conn, string xml, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virDomainMigrateToURI3(DomainHandle dom, string destinationUri, nint parameters, uint count, uint flags);

    [LibraryImport(Library)] public static partial int virDomainMigrateSetMaxDowntime(DomainHandle dom, ulong milliseconds, uint flags);
    [LibraryImport(Library)] public static partial int virDomainMigrateStartPostCopy(DomainHandle dom, uint flags);
    /// <summary>From libvirt 7.2 on.</summary>
    [LibraryImport(Library)] public static partial int virDomainStartDirtyRateCalc(DomainHandle dom, int seconds, uint flags);

    [LibraryImport(Library)] public static partial int virDomainAbortJob(DomainHandle dom);

    [LibraryImport(Library)]
    public static partial int virDomainGetJobStats(DomainHandle dom, out int type, out TypedParameter* parameters, out int count, uint flags);
}
