using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ulm.Libvirt.Tests.Support;

/// <summary>
/// Speaks as much of libvirt's remote protocol (rpc.html, remote_protocol.x) as a host without domains needs: opening, event
/// registration, keepalive, empty lists. It can fall silent, hang up and send a lifecycle event, which no real daemon does on demand.
/// </summary>
public sealed class FakeLibvirtd : IDisposable
{
    private const uint Remote = 0x20008086, KeepAlive = 0x6b656570;
    private const int Reply = 1, Message = 2, Pong = 2;
    private const int AuthList = 66, SupportsFeature = 60, ListAllDomains = 273, GetAllDomainStats = 344;
    private const int RegisterEvent = 316, LifecycleEvent = 318, CallbackId = 7;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Socket> _callers = new();
    private volatile bool _silent;
    private int _calls;

    public FakeLibvirtd()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Uri => $"qemu+tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/system";

    /// <summary>Connections taken so far.</summary>
    public int Callers => _callers.Count;

    /// <summary>Calls received so far, answered or not.</summary>
    public int Calls => _calls;

    /// <summary>Takes everything, answers nothing, pings included.</summary>
    public bool Silent
    {
        get => _silent;
        set => _silent = value;
    }

    public void HangUp()
    {
        foreach (var caller in _callers) caller.Dispose();
    }

    public void SendLifecycle(string name, Guid uuid, int kind, int detail)
    {
        var text = Encoding.UTF8.GetBytes(name);
        byte[] padded = [.. text, .. new byte[(4 - text.Length % 4) % 4]];
        Send(_callers.Last(), Packet(
            Remote, LifecycleEvent, Message, 0,
            [.. Int(CallbackId), .. Int(text.Length), .. padded, .. uuid.ToByteArray(bigEndian: true), .. Int(1), .. Int(kind), .. Int(detail)]));
    }

    public void Dispose()
    {
        _listener.Stop();
        HangUp();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptSocketAsync();
                _callers.Enqueue(caller);
                _ = ServeAsync(caller);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket caller)
    {
        try
        {
            await using var stream = new NetworkStream(caller, ownsSocket: false);
            var head = new byte[4];
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                var packet = new byte[BinaryPrimitives.ReadInt32BigEndian(head) - 4];
                await stream.ReadExactlyAsync(packet);
                Interlocked.Increment(ref _calls);
                if (!_silent) Answer(caller, packet);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
        {
        }
    }

    private static void Answer(Socket caller, byte[] packet)
    {
        var program = BinaryPrimitives.ReadUInt32BigEndian(packet);
        var (procedure, serial) = (BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(8)), BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(16)));
        Send(caller, program == KeepAlive
            ? Packet(KeepAlive, Pong, Message, 0, [])
            : Packet(Remote, procedure, Reply, serial, procedure switch
            {
                AuthList => [.. Int(1), .. Int(0)],           // one way to authenticate: none
                SupportsFeature => Int(1),
                RegisterEvent => Int(CallbackId),
                ListAllDomains => [.. Int(0), .. Int(0)],
                GetAllDomainStats => Int(0),
                _ => [],
            }));
    }

    private static void Send(Socket caller, byte[] packet)
    {
        lock (caller) caller.Send(packet);
    }

    private static byte[] Packet(uint program, int procedure, int type, int serial, byte[] payload) =>
        [.. Int(28 + payload.Length), .. Int((int)program), .. Int(1), .. Int(procedure), .. Int(type), .. Int(serial), .. Int(0), .. payload];

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
