using System.Net.Sockets;
using Ulm.Engine.Actions;

namespace Ulm.Server.Power;

/// <summary>
/// What can be said of a host that nothing can be asked of but itself. Whoever answers, and be it to refuse a connection, is on. Silence is no
/// proof that it is off: that takes that it was told to go and took the order, which is the caller's to know.
/// </summary>
internal sealed class HostSilence(string address, int port, TimeProvider time)
{
    private const int Probes = 3;

    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(2);

    /// <returns>True: nothing of it answered, several times over.</returns>
    public async Task<bool> IsSilentAsync(CancellationToken ct)
    {
        for (var probe = 0; probe < Probes; probe++) if (await AnswersAsync(ct)) return false;
        return true;
    }

    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(ProbeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, port, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostUnreachable or SocketError.TimedOut or SocketError.HostDown)
        {
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return true;
        }
        catch (SocketException e)
        {
            // A name that is not found, a network of our own that is down: that says nothing of the host.
            throw new ActionFailedException($"{address}:{port} can't be asked: {e.Message}", e);
        }
    }
}
