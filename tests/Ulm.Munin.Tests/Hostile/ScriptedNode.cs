using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ulm.Munin.Tests;

/// <summary>A TCP server on the loopback that treats each connection as its script says: the peer no real munin-node would be.</summary>
internal sealed class ScriptedNode : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<ScriptedSession, Task> _script;
    private readonly List<Task> _sessions = [];
    private readonly Task _accepting;
    private int _connections;

    public ScriptedNode(Func<ScriptedSession, Task> script)
    {
        _script = script;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Set by the script when it has come to the point the test waits for.</summary>
    public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MuninNodeOptions Options => new() { Host = "127.0.0.1", Port = Port };

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                client.NoDelay = true; // what a script has sent is at the client, not held back for an acknowledgement
                _sessions.Add(RunAsync(client, Interlocked.Increment(ref _connections)));
            }
        }
        catch (OperationCanceledException) { } // the test is over
    }

    private async Task RunAsync(TcpClient client, int number)
    {
        using (client)
        {
            try
            {
                await _script(new ScriptedSession(this, client, number, _end.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException) { } // the client left, or the test is over
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_sessions);
    }
}

internal sealed class ScriptedSession(ScriptedNode node, TcpClient client, int number, CancellationToken end)
{
    private readonly NetworkStream _stream = client.GetStream();

    /// <summary>1 for the first connection made to the node.</summary>
    public int Number => number;
    public CancellationToken End => end;
    public void Reached() => node.Reached.TrySetResult();

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));
    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes, end).AsTask();

    /// <summary>Null when the client has closed.</summary>
    public async Task<string?> ReadCommandAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await _stream.ReadAsync(one, end) == 1)
        {
            if (one[0] == '\n') return line.ToString();
            line.Append((char)one[0]);
        }
        return null;
    }

    public async Task ReadSomeAsync() => Assert.NotEqual(0, await _stream.ReadAsync(new byte[1024], end));

    public Task HangAsync() => Task.Delay(Timeout.Infinite, end);

    /// <summary>Ends the connection with a reset, as a machine does that has lost its memory of it.</summary>
    public void Reset() => client.Client.LingerState = new LingerOption(true, 0);

    public async Task GreetAsync()
    {
        await SendAsync("# munin node at scripted.test\n");
        Assert.Equal("cap multigraph dirtyconfig", await ReadCommandAsync());
        await SendAsync("cap multigraph dirtyconfig\n");
    }

    /// <summary>Greets, then answers each command as told; a null answer hangs.</summary>
    public async Task ServeAsync(Func<string, string?> answer)
    {
        await GreetAsync();
        while (await ReadCommandAsync() is { } command)
        {
            if (answer(command) is { } text)
            {
                await SendAsync(text);
                continue;
            }
            Reached();
            await HangAsync();
        }
    }
}
