using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Ulm.Server.Api.Manual;

/// <summary>Who is at the other end of a Unix socket, as the kernel says; see unix(7), SO_PEERCRED.</summary>
internal static class Peer
{
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;

    /// <summary>struct ucred: pid, uid, gid.</summary>
    private const int CredentialBytes = 12;

    private const int EntryBytes = 256;
    private const int BufferBytes = 16_384;

    private const int LongestName = 64;

    /// <summary>Null: not a Unix socket. Only its owner and group may connect there, so only what comes that way may order.</summary>
    public static string? UserOf(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket is { AddressFamily: AddressFamily.Unix } socket ? UserOf(socket) : null;

    /// <summary>Who is to be named as author: the user, and whom the client says it works for, such as who called sudo.</summary>
    public static string Author(string user, string? onBehalfOf)
    {
        var stated = new string([.. (onBehalfOf ?? "").Where(c => !char.IsControl(c)).Take(LongestName)]).Trim();
        return stated.Length == 0 || stated == user ? user : $"{stated} (as {user})";
    }

    private static string UserOf(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[CredentialBytes];
        try
        {
            socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        }
        catch (SocketException)
        {
            return "somebody on the socket";
        }

        var uid = BitConverter.ToUInt32(credentials[4..]);
        return NameOf(uid) ?? $"uid {uid}";
    }

    /// <summary>From the system's users, whatever keeps them. Null: it has no name.</summary>
    private static string? NameOf(uint uid)
    {
        // struct passwd begins with pw_name, which points into the buffer; the rest of it is not read.
        var (entry, buffer) = (Marshal.AllocHGlobal(EntryBytes), Marshal.AllocHGlobal(BufferBytes));
        try
        {
            return GetPwUid(uid, entry, buffer, BufferBytes, out var found) == 0 && found != 0 ? Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry)) : null;
        }
        finally
        {
            Marshal.FreeHGlobal(entry);
            Marshal.FreeHGlobal(buffer);
        }
    }

    [DllImport("libc", EntryPoint = "getpwuid_r")]
    private static extern int GetPwUid(uint uid, nint passwd, nint buffer, nuint length, out nint result);
}
