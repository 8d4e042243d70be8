using System.Net.Sockets;
using System.Text;

namespace Ulm.Munin;

/// <summary>
/// One connection to a munin-node after banner, STARTTLS and capabilities. Commands one at a time; time limits are the caller's.
/// Protocol: https://guide.munin-monitoring.org/en/latest/master/network-protocol.html.
/// </summary>
internal sealed class MuninConnection : IDisposable
{
    private readonly MuninNodeOptions _options;
    private readonly TimeProvider _time;
    private readonly Socket _socket;
    private Stream _stream;
    private LineReader _reader;
    private string _command = MuninException.Connecting;
    private int _lines;
    private long _bytes;

    private MuninConnection(MuninNodeOptions options, TimeProvider time, Socket socket)
    {
        (_options, _time, _socket) = (options, time, socket);
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new LineReader(_stream, options.MaxLineBytes);
        OpenedAt = time.GetTimestamp();
    }

    public MuninCapabilities Capabilities { get; private set; } = new("", [], false);
    public long OpenedAt { get; }
    public MuninTls Tls => _options.Tls;

    /// <summary>True once the first line of the answer to the current command has come.</summary>
    public bool AnswerBegan => _lines > 0 || _reader.Buffered > 0;

    /// <summary>For messages on answers that never came or ended early.</summary>
    public string Progress => $"{_lines} lines and {_bytes + _reader.Buffered} bytes had come";

    /// <summary>
    /// Nothing may come on an idle connection: if the socket is readable, the node has closed it or sent what nobody asked for, which
    /// would be read as the answer to the next command.
    /// </summary>
    public bool IsClean => _reader.Buffered == 0 && !_socket.Poll(0, SelectMode.SelectRead);

    public static async Task<MuninConnection> OpenAsync(MuninNodeOptions options, TimeProvider time, CancellationToken ct)
    {
        var withTls = options.Tls.Mode != MuninTlsMode.Disabled;
        return await OpenAsync(options, time, withTls, ct).ConfigureAwait(false)
            // The node has no key and has begun a handshake with the sides reversed; only a new connection is in the clear again.
            ?? (await OpenAsync(options, time, withTls: false, ct).ConfigureAwait(false))!;
    }

    private static async Task<MuninConnection?> OpenAsync(MuninNodeOptions options, TimeProvider time, bool withTls, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        MuninConnection? connection = null;
        var kept = false;
        try
        {
            try
            {
                await socket.ConnectAsync(options.Host, options.Port, ct).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                throw new MuninException(MuninFault.ConnectFailed, options.Address, MuninException.Connecting,
                    $"{e.Message} ({e.SocketErrorCode})", e);
            }
            connection = new MuninConnection(options, time, socket);
            kept = await connection.GreetAsync(withTls, ct).ConfigureAwait(false);
            return kept ? connection : null;
        }
        finally
        {
            if (!kept)
            {
                connection?.Dispose();
                socket.Dispose();
            }
        }
    }

    private async Task<bool> GreetAsync(bool withTls, CancellationToken ct)
    {
        var nodeName = Banner(await ReadLineAsync("a banner", ct).ConfigureAwait(false));
        if (withTls)
        {
            var offer = await StartTls.AskAsync(this, ct).ConfigureAwait(false);
            if (offer == TlsOffer.NoKey) return false;
            if (offer == TlsOffer.Ready)
            {
                if (_reader.Buffered > 0) throw Fault(MuninFault.TlsFailed, $"{_reader.Buffered} bytes in the clear after 'TLS OK'");
                _stream = await StartTls.HandshakeAsync(this, _stream, _options, ct).ConfigureAwait(false);
                _reader = new LineReader(_stream, _options.MaxLineBytes);
            }
        }
        var encrypted = _stream is not NetworkStream;
        try
        {
            await WriteAsync("cap multigraph dirtyconfig", ct).ConfigureAwait(false);
            Capabilities = new(nodeName, Capable(await ReadLineAsync("'cap ...'", ct).ConfigureAwait(false)), encrypted);
        }
        catch (Exception e) when (encrypted && e is IOException or MuninException { Fault: MuninFault.ConnectionClosed })
        {
            // Under TLS 1.3 the node judges our certificate after we hold the handshake for done; it then just closes.
            throw Fault(MuninFault.TlsFailed,
                "the node closed the connection right after the handshake; does it want a client certificate?", e);
        }
        return true;
    }

    private string Banner(ReadOnlyMemory<byte> line)
    {
        // munin's own master looks for these words too; nodes other than Debian's put a word more between them
        var text = Encoding.UTF8.GetString(line.Span);
        var at = text.IndexOf(" at ", StringComparison.Ordinal);
        if (!text.StartsWith('#') || at < 0 || !text.Contains("munin", StringComparison.OrdinalIgnoreCase))
            throw Violation("'# munin node at NAME'", line.Span);
        return text[(at + 4)..].Trim();
    }

    private IReadOnlyList<string> Capable(ReadOnlyMemory<byte> line)
    {
        if (line.Span.StartsWith("# I require TLS"u8))
            throw Fault(MuninFault.TlsFailed, "the node demands TLS, which is disabled here or was not offered");
        if (line.Span.StartsWith("#"u8)) return []; // munin-node before 1.4: unknown command
        var words = Encoding.UTF8.GetString(line.Span).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is ["cap", ..] ? words[1..] : throw Violation("'cap ...'", line.Span);
    }

    /// <summary>A command answered with a single line.</summary>
    public async Task<string> AskLineAsync(string command, CancellationToken ct)
    {
        await SendAsync(command, ct).ConfigureAwait(false);
        var line = await ReadLineAsync("a line of names", ct).ConfigureAwait(false);
        if (line.Span.StartsWith("#"u8)) throw Violation("a line of names", line.Span);
        var text = Encoding.UTF8.GetString(line.Span);
        NothingLeft();
        return text;
    }

    /// <summary>A command answered with lines up to a single dot.</summary>
    public async Task AskAsync(string command, IResponseParser parser, CancellationToken ct)
    {
        await SendAsync(command, ct).ConfigureAwait(false);
        MuninException? refusal = null;
        var capturedAt = default(DateTimeOffset);
        while (true)
        {
            var line = await ReadLineAsync("a line", ct).ConfigureAwait(false);
            if (_lines == 1) capturedAt = _time.GetUtcNow();
            if (line.Span is [(byte)'.']) break;
            if (line.Span is []) continue;
            if (line.Span[0] == '#')
            {
                if (_lines == 1) refusal = Refusal(line.Span);
                continue;
            }
            if (parser.Take(line.Span, capturedAt) is { } expected) throw Violation(expected, line.Span);
        }
        NothingLeft();
        if (refusal is not null) throw refusal;
    }

    /// <summary>What munin-node says in a comment instead of a plugin's output (Munin::Node::Server, _run_service).</summary>
    private MuninException? Refusal(ReadOnlySpan<byte> comment)
    {
        if (comment.StartsWith("# Unknown service"u8))
            return Fault(MuninFault.UnknownPlugin, "the node has no such plugin, or it failed when the node started");
        if (comment.StartsWith("# Timed out"u8)) return Fault(MuninFault.PluginFailed, "the plugin ran longer than the node allows");
        if (comment.StartsWith("# Bad exit"u8)) return Fault(MuninFault.PluginFailed, "the plugin exited with an error");
        if (comment.StartsWith("# Unknown command"u8)) throw Violation("an answer", comment); // no dot will follow
        return null;
    }

    private void NothingLeft()
    {
        if (_reader.Buffered > 0) throw Fault(MuninFault.ProtocolViolation, $"{_reader.Buffered} bytes after the end of the answer");
    }

    private async Task SendAsync(string command, CancellationToken ct)
    {
        (_command, _lines, _bytes) = (command, 0, 0);
        await WriteAsync(command, ct).ConfigureAwait(false);
    }

    /// <summary>In one write: under TLS munin-node takes each record for one whole command.</summary>
    internal ValueTask WriteAsync(string command, CancellationToken ct) => _stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), ct);

    internal async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(string expected, CancellationToken ct)
    {
        var line = await _reader.ReadLineAsync(ct).ConfigureAwait(false);
        if (line.End == LineEnd.TooLong) throw Fault(MuninFault.ResponseTooLarge, $"a line of more than {_options.MaxLineBytes} bytes");
        if (line.End == LineEnd.Closed)
            throw Fault(MuninFault.ConnectionClosed, line.Bytes.Length > 0
                ? $"closed in the middle of a line; {Progress}"
                : $"closed where {expected} was expected; {Progress}"
                    + (_command == MuninException.Connecting && _lines == 0 ? " (is this machine in the node's allow list?)" : ""));
        _lines++;
        _bytes += line.Bytes.Length + 1;
        return _bytes <= _options.MaxResponseBytes
            ? line.Bytes
            : throw Fault(MuninFault.ResponseTooLarge, $"more than {_options.MaxResponseBytes} bytes");
    }

    internal MuninException Violation(string expected, ReadOnlySpan<byte> came) =>
        Fault(MuninFault.ProtocolViolation, $"expected {expected}, line {_lines} was {Excerpt.Of(came)}");

    internal MuninException Fault(MuninFault fault, string what, Exception? inner = null) =>
        new(fault, _options.Address, _command, what, inner);

    /// <summary>Closes at once; never waits for the node.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }
}
