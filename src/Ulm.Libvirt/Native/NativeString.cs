using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary>Strings that cross from libvirt: borrowed ones are copied, owned ones copied and freed.</summary>
internal static unsafe class NativeString
{
    public static string Borrow(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    /// <summary>Copies a string libvirt allocated for the caller, and frees it with C's <c>free</c>, as its manual asks.</summary>
    public static string Take(nint text)
    {
        try
        {
            return Borrow(text);
        }
        finally
        {
            NativeMemory.Free((void*)text);
        }
    }
}
