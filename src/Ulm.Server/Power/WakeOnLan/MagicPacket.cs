using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Ulm.Engine.Actions;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power.WakeOnLan;

/// <summary>The packet that wakes a network card: six times 0xFF, then its address sixteen times (AMD, Magic Packet Technology, publication 20213).</summary>
internal static class MagicPacket
{
    private const int Repeats = 16;

    private const int HeaderLength = 6;

    /// <summary>A datagram may get lost, and nobody says so.</summary>
    private const int Sent = 3;

    private const int SolSocket = 1;

    private const int SoBindToDevice = 25;

    public static byte[] Of(PhysicalAddress mac) =>
        [.. Enumerable.Repeat((byte)0xFF, HeaderLength), .. Enumerable.Repeat(mac.GetAddressBytes(), Repeats).SelectMany(bytes => bytes)];

    /// <exception cref="ActionFailedException">The packet can't be sent from this machine.</exception>
    public static async Task SendAsync(WakeConfig wake, CancellationToken ct)
    {
        try
        {
            using var socket = new Socket(wake.Broadcast.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { EnableBroadcast = true };
            if (wake.Interface is { } name) socket.SetRawSocketOption(SolSocket, SoBindToDevice, Encoding.ASCII.GetBytes(name + '\0'));
            for (var n = 0; n < Sent; n++) await socket.SendToAsync(Of(wake.Mac), new IPEndPoint(wake.Broadcast, wake.Port), ct);
        }
        catch (SocketException e)
        {
            throw new ActionFailedException($"the packet that wakes {wake.MacText} can't be sent to {wake.Broadcast}:{wake.Port}{(wake.Interface is { } name ? $" on {name}" : "")}: {e.Message}", e);
        }
    }
}
