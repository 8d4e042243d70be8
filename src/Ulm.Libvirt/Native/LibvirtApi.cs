using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary>
/// libvirt.so.0 as it is: names, order and types as in libvirt's headers. Nothing here checks or converts; see <see cref="LastError"/>.
/// This file: the library itself, errors, typed parameters and the event loop.
/// </summary>
internal static unsafe partial class LibvirtApi
{
    public const string Library = "libvirt.so.0";

    [LibraryImport(Library)] public static partial int virInitialize();
    [LibraryImport(Library)] public static partial int virGetVersion(out nuint libVer, nint type, nint typeVer);
    [LibraryImport(Library)] public static partial nint virGetLastError();
    [LibraryImport(Library)] public static partial void virSetErrorFunc(nint userData, delegate* unmanaged<nint, nint, void> handler);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virTypedParamsAddULLong(ref nint list, ref int count, ref int capacity, string name, ulong value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virTypedParamsAddInt(ref nint list, ref int count, ref int capacity, string name, int value);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int virTypedParamsAddString(ref nint list, ref int count, ref int capacity, string name, string value);

    [LibraryImport(Library)] public static partial void virTypedParamsFree(nint list, int count);

    [LibraryImport(Library)] public static partial int virEventRegisterDefaultImpl();
    [LibraryImport(Library)] public static partial int virEventRunDefaultImpl();
}
