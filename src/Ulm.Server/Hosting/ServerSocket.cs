using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Ulm.Server.Commands;
using Ulm.Server.Configuration;
using Ulm.Server.Snapshots;

namespace Ulm.Server.Hosting;

/// <summary>Where commands reach the server: its Unix socket, and an HTTP address where one is configured.</summary>
internal static class ServerSocket
{
    private const UnixFileMode OwnerAndGroup = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    public static void Listen(KestrelServerOptions kestrel, ServerConfig config)
    {
        kestrel.AddServerHeader = false;
        kestrel.ListenUnixSocket(config.Socket);
        if (config.Listen is { } address) kestrel.Listen(EndPoint(new Uri(address)));
    }

    /// <summary>Whoever may write to the socket may command the server: its owner and group.</summary>
    public static void Restrict(string socket) => File.SetUnixFileMode(socket, OwnerAndGroup);

    /// <summary>Takes away the socket file a killed server left.</summary>
    /// <exception cref="CommandFailedException">A server listens there, something else is there, or the folder can't be used.</exception>
    public static void MakeFree(string path)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            var kind = FileKinds.Of(path);
            if (kind == FileKind.None) return;
            if (kind != FileKind.Socket) throw new CommandFailedException($"{path} is no socket; it is left as it is, and the server needs that place for its own");
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(new UnixDomainSocketEndPoint(path));
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                File.Delete(path);
                return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or SocketException)
        {
            throw new CommandFailedException($"can't use the socket {path}: {e.Message}");
        }

        throw new CommandFailedException($"another server listens on {path} already");
    }

    private static IPEndPoint EndPoint(Uri address) => new(
        address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? ip
            : throw new CommandFailedException($"server.listen: {address.Host} is no IP address"),
        address.Port);
}
