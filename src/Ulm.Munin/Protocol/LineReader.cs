namespace Ulm.Munin;

internal enum LineEnd { Complete, Closed, TooLong }

/// <param name="Bytes">Without CR and LF; valid until the next read. For Closed and TooLong: what had come so far.</param>
internal readonly record struct Line(LineEnd End, ReadOnlyMemory<byte> Bytes);

/// <summary>Lines out of a stream, through one buffer that never outgrows the longest line allowed. One reader at a time.</summary>
internal sealed class LineReader(Stream stream, int maxLineBytes)
{
    private const int InitialBuffer = 4096;

    private byte[] _buffer = new byte[Math.Min(InitialBuffer, maxLineBytes + 2)];
    private int _start;
    private int _end;

    /// <summary>Bytes received but not asked for.</summary>
    public int Buffered => _end - _start;

    public async ValueTask<Line> ReadLineAsync(CancellationToken ct)
    {
        var searched = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + searched, Buffered - searched).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var length = searched + found;
                var line = _buffer.AsMemory(_start, length);
                _start += length + 1;
                if (length > 0 && line.Span[^1] == '\r') line = line[..^1];
                return new Line(line.Length > maxLineBytes ? LineEnd.TooLong : LineEnd.Complete, line);
            }
            searched = Buffered;
            if (searched > maxLineBytes + 1) return new Line(LineEnd.TooLong, _buffer.AsMemory(_start, searched));
            MakeRoom();
            var read = await stream.ReadAsync(_buffer.AsMemory(_end), ct).ConfigureAwait(false);
            if (read == 0) return new Line(LineEnd.Closed, _buffer.AsMemory(_start, searched));
            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_start == _end) _start = _end = 0;
        if (_end < _buffer.Length) return;
        // A line in progress fills the rest: move it to the front, and only if it fills everything take more memory.
        var target = _start > 0 ? _buffer : new byte[Math.Min(_buffer.Length * 2, maxLineBytes + 2)];
        _buffer.AsSpan(_start, Buffered).CopyTo(target);
        (_buffer, _end, _start) = (target, Buffered, 0);
    }
}
