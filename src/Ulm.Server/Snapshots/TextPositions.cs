using System.Text;

namespace Ulm.Server.Snapshots;

/// <summary>Line and column of a byte of a UTF-8 text. The lines are looked for only once somebody asks.</summary>
internal sealed class TextPositions(ReadOnlyMemory<byte> text)
{
    private List<int>? _lineStarts;

    /// <summary>Both from 1; the column in characters.</summary>
    public (int Line, int Column) Of(long offset)
    {
        var at = (int)Math.Clamp(offset, 0, text.Length);
        _lineStarts ??= FindLines();
        var index = _lineStarts.BinarySearch(at);
        if (index < 0) index = ~index - 1;
        return (index + 1, Encoding.UTF8.GetCharCount(text.Span[_lineStarts[index]..at]) + 1);
    }

    private List<int> FindLines()
    {
        var starts = new List<int> { 0 };
        var bytes = text.Span;
        for (var at = 0; at < bytes.Length;)
        {
            var next = bytes[at..].IndexOf((byte)'\n');
            if (next < 0) break;
            at += next + 1;
            starts.Add(at);
        }

        return starts;
    }
}
