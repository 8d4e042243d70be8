using System.Net.Sockets;

namespace Ulm.Munin;

/// <summary>
/// A munin-node behind one pooled connection, opened with the first command and again whenever it was lost or has grown old.
/// Thread-safe: concurrent callers take turns. Every call ends within its limits (see <see cref="MuninNodeOptions"/>), counted from
/// when its turn comes, and fails with <see cref="MuninException"/>, with <see cref="OperationCanceledException"/> if the caller
/// cancelled, or with <see cref="ObjectDisposedException"/>. After any failure in which the answer was not read to its end the
/// connection is dropped, so that a late half of it is never taken for the answer to the next command.
/// Protocol: https://guide.munin-monitoring.org/en/latest/master/network-protocol.html.
/// </summary>
public sealed class MuninNode : IAsyncDisposable
{
    private readonly MuninNodeOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _turn = new(1, 1);

    // Owned by whoever has the turn.
    private readonly NamePool _names = new();
    private MuninConnection? _connection;

    private int _connections;

    public MuninNode(MuninNodeOptions options, TimeProvider time)
    {
        options.Validate();
        (_options, _time) = (options, time);
    }

    /// <summary><c>host:port</c>, as in messages.</summary>
    public string Address => _options.Address;

    /// <summary>How many connections were opened so far. A change tells that the node may have been restarted in between.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What the node can do; asks it only if there is no connection.</summary>
    public Task<MuninCapabilities> CapabilitiesAsync(CancellationToken ct = default) =>
        RunAsync(MuninException.Connecting, (connection, _) => Task.FromResult(connection.Capabilities), ct);

    /// <summary>
    /// The plugins of the node itself, or of another host it speaks for (see <see cref="NodesAsync"/>; SNMP plugins). Empty if it knows
    /// no such host.
    /// </summary>
    public Task<IReadOnlyList<string>> ListAsync(string? node = null, CancellationToken ct = default)
    {
        var command = node is null ? "list" : $"list {Names.Checked(node, nameof(node))}";
        return RunAsync<IReadOnlyList<string>>(command, async (connection, within) =>
            (await connection.AskLineAsync(command, within).ConfigureAwait(false)).Split(' ', StringSplitOptions.RemoveEmptyEntries), ct);
    }

    /// <summary>The hosts the node has plugins for; most often only itself.</summary>
    public Task<IReadOnlyList<string>> NodesAsync(CancellationToken ct = default) =>
        RunAsync("nodes", async (connection, within) =>
        {
            var parser = new NodesParser();
            await connection.AskAsync("nodes", parser, within).ConfigureAwait(false);
            return parser.Result();
        }, ct);

    /// <summary>The graphs of a plugin with their fields; values too, if the plugin does dirtyconfig.</summary>
    public Task<IReadOnlyList<MuninGraph>> ConfigAsync(string plugin, CancellationToken ct = default)
    {
        var command = $"config {Names.Checked(plugin, nameof(plugin))}";
        return RunAsync(command, async (connection, within) =>
        {
            var parser = new ConfigParser(plugin, _names);
            await connection.AskAsync(command, parser, within).ConfigureAwait(false);
            return parser.Result();
        }, ct);
    }

    /// <summary>The raw values of a plugin, graph by graph. What they mean is told by <see cref="ConfigAsync"/>.</summary>
    public Task<IReadOnlyList<MuninValues>> FetchAsync(string plugin, CancellationToken ct = default)
    {
        var command = $"fetch {Names.Checked(plugin, nameof(plugin))}";
        return RunAsync(command, async (connection, within) =>
        {
            var parser = new FetchParser(plugin, _names);
            await connection.AskAsync(command, parser, within).ConfigureAwait(false);
            return parser.Result();
        }, ct);
    }

    private async Task<T> RunAsync<T>(string command, Func<MuninConnection, CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        var good = false;
        try
        {
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            var pooled = _connection is { } old && old.IsClean && _time.GetElapsedTime(old.OpenedAt) < _options.ConnectionLifetime;
            if (!pooled) await ReopenAsync(ct).ConfigureAwait(false);
            T answer;
            try
            {
                answer = await AskAsync(command, ask, ct).ConfigureAwait(false);
            }
            catch (MuninException e) when (pooled && e.Fault == MuninFault.ConnectionClosed && !_connection!.AnswerBegan)
            {
                // It was closed under us between our look and our command, as a restart of the node does. Commands only ask: ask again.
                await ReopenAsync(ct).ConfigureAwait(false);
                answer = await AskAsync(command, ask, ct).ConfigureAwait(false);
            }
            good = true;
            return answer;
        }
        catch (MuninException e) when (e.LeavesConnectionGood)
        {
            good = true;
            throw;
        }
        finally
        {
            if (!good) Drop();
            _turn.Release();
        }
    }

    private async Task ReopenAsync(CancellationToken ct)
    {
        Drop();
        _connection = await WithinAsync(MuninException.Connecting, _options.ConnectTimeout,
            within => MuninConnection.OpenAsync(_options, _time, within), ct).ConfigureAwait(false);
        Interlocked.Increment(ref _connections);
    }

    private Task<T> AskAsync<T>(string command, Func<MuninConnection, CancellationToken, Task<T>> ask, CancellationToken ct) =>
        WithinAsync(command, _options.CommandTimeout, within => ask(_connection!, within), ct);

    /// <summary>Runs the work under one limit for all of it, and turns whatever the network throws into the errors promised.</summary>
    private async Task<T> WithinAsync<T>(string command, TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(limit, _time);
        using var within = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct, _closing.Token);
        try
        {
            return await work(within.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException
            || (e is MuninException && within.IsCancellationRequested))
        {
            ct.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            if (e is MuninException) throw;
            var progress = _connection is { } connection ? $"; {connection.Progress}" : "";
            throw timer.IsCancellationRequested
                ? new MuninException(MuninFault.Timeout, Address, command, $"not done within {limit.TotalSeconds:0.###} s{progress}", e)
                : new MuninException(MuninFault.ConnectionClosed, Address, command, $"{e.Message}{progress}", e);
        }
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }

    /// <summary>Ends a command in progress, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        Drop();
        _turn.Release(); // those still waiting find the node closed; neither source nor semaphore holds anything to free
    }
}
