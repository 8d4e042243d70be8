using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ulm.Libvirt.Tests.Support;

/// <summary>A machine that takes TCP connections and never says a word: what a host looks like whose libvirtd hangs.</summary>
public sealed class SilentHost : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<Socket> _callers = new();

    public SilentHost()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Uri => $"qemu+tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/system";

    public int Callers => _callers.Count;

    public void HangUp()
    {
        foreach (var caller in _callers) caller.Dispose();
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
            while (true) _callers.Enqueue(await _listener.AcceptSocketAsync());
        }
        catch (SocketException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }
}
