namespace Ulm.Server.Snapshots;

/// <summary>What a field of a tab-separated text ended with.</summary>
internal enum FieldEnd
{
    Tab,
    Line,
    File,
}

/// <summary>Cuts a stream into fields without ever holding a line: a damaged or hostile file can have one of any length.</summary>
internal sealed class FieldScanner(Stream stream)
{
    public const int LongestField = 4096;

    private readonly byte[] _buffer = new byte[1 << 17];
    private int _from;
    private int _to;
    private bool _lineEnded;

    /// <summary>Line of the field last read, from 1.</summary>
    public int Line { get; private set; } = 1;

    public long BytesRead { get; private set; }

    public bool AtEnd { get; private set; }

    /// <param name="field">Valid until the next call; without the carriage return of a Windows line.</param>
    /// <returns>Null: a field longer than <see cref="LongestField"/>.</returns>
    public FieldEnd? Next(bool tabsEndFields, out ReadOnlySpan<byte> field)
    {
        if (_lineEnded) Line++;
        _lineEnded = false;
        while (true)
        {
            var seen = _buffer.AsSpan(_from, _to - _from);
            var length = tabsEndFields ? seen.IndexOfAny((byte)'\t', (byte)'\n') : seen.IndexOf((byte)'\n');
            if (length >= 0)
            {
                var end = seen[length] == '\t' ? FieldEnd.Tab : FieldEnd.Line;
                _lineEnded = end == FieldEnd.Line;
                _from += length + 1;
                field = _lineEnded ? seen[..length].TrimEnd((byte)'\r') : seen[..length];
                return length > LongestField ? null : end;
            }

            field = default;
            if (seen.Length > LongestField) return null;
            seen.CopyTo(_buffer);
            (_from, _to) = (0, seen.Length);
            var read = stream.Read(_buffer, _to, _buffer.Length - _to);
            if (read > 0)
            {
                _to += read;
                BytesRead += read;
                continue;
            }

            field = _buffer.AsSpan(0, _to).TrimEnd((byte)'\r');
            _from = _to;
            AtEnd = true;
            return FieldEnd.File;
        }
    }
}
