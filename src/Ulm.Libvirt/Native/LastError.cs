using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Ulm.Libvirt.Native;

/// <summary>
/// libvirt keeps a thread's last error in thread-local storage: it must be read on the thread of the failing call, before any other
/// libvirt call and never across an await. Everything here is therefore synchronous.
/// </summary>
internal static class LastError
{
    /// <summary>Returns <paramref name="result"/> unless it is negative, libvirt's sign of failure.</summary>
    public static int Check(int result, string call, string uri) => result >= 0 ? result : throw Read(call, uri);

    /// <summary>Returns <paramref name="pointer"/> unless it is NULL.</summary>
    public static nint Check(nint pointer, string call, string uri) => pointer != 0 ? pointer : throw Read(call, uri);

    /// <summary>Returns <paramref name="handle"/> unless it holds nothing.</summary>
    public static T Check<T>(T handle, string call, string uri) where T : SafeHandle => !handle.IsInvalid ? handle : throw Read(call, uri);

    /// <summary>
    /// This thread's last error, typed; its ConnectionFailed is a suspicion until <see cref="Connections.Session.Judge"/> has settled it.
    /// </summary>
    public static unsafe LibvirtException Read(string call, string uri)
    {
        var error = (VirError*)LibvirtApi.virGetLastError();
        if (error is null)
            return new LibvirtException(
                LibvirtErrorCode.Ok, LibvirtErrorDomain.None, LibvirtErrorLevel.Error, "it failed without an error", call, uri, false);
        var (code, domain) = ((LibvirtErrorCode)error->Code, (LibvirtErrorDomain)error->Domain);
        var words = NativeString.Borrow(error->Message);
        return new LibvirtException(code, domain, (LibvirtErrorLevel)error->Level, words, call, uri, MayBeConnectivity(code, domain));
    }

    // What the remote driver reports when the socket is gone: "client socket is closed", "End of file while reading data",
    // "received hangup event on socket". A host reports another host it can't reach in the same words (a migration's destination), so
    // this is a suspicion: whether our own connection lives decides.
    private static bool MayBeConnectivity(LibvirtErrorCode code, LibvirtErrorDomain domain) => code switch
    {
        LibvirtErrorCode.NoConnect or LibvirtErrorCode.InvalidConn or LibvirtErrorCode.Rpc => true,
        LibvirtErrorCode.SystemError or LibvirtErrorCode.InternalError => domain is LibvirtErrorDomain.Rpc or LibvirtErrorDomain.Remote,
        _ => false,
    };

    /// <summary>The head of <c>virError</c> of virterror.h; only ever read through a pointer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    [SuppressMessage("Style", "CS0649", Justification = "written by libvirt")]
    private readonly struct VirError
    {
        public readonly int Code;
        public readonly int Domain;
        public readonly nint Message;
        public readonly int Level;
    }
}
