using Ulm.Dsl.Policies;

namespace Ulm.Dsl.Text;

/// <summary>A source text with its lines found. A line ends at LF, CR LF or CR.</summary>
internal sealed class SourceFile
{
    private readonly List<int> _lineStarts = [0];

    public SourceFile(SourceText source)
    {
        Source = source;
        var text = source.Text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
                _lineStarts.Add(i + 1);
        }
    }

    public SourceText Source { get; }

    public string Name => Source.Name;

    public string Text => Source.Text;

    public int LineCount => _lineStarts.Count;

    /// <summary>Line and column, both from 1; a tab counts as one column.</summary>
    public (int Line, int Column) Position(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var index = _lineStarts.BinarySearch(offset);
        if (index < 0)
            index = ~index - 1;
        return (index + 1, offset - _lineStarts[index] + 1);
    }

    public SourceLocation Location(int offset)
    {
        var (line, column) = Position(offset);
        return new SourceLocation(Name, line, column);
    }

    /// <summary>The span of a line, counted from 1, without its end mark.</summary>
    public TextSpan Line(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Count ? _lineStarts[line] : Text.Length;
        while (end > start && Text[end - 1] is '\n' or '\r')
            end--;
        return TextSpan.FromBounds(start, end);
    }

    public string this[TextSpan span] => Text.Substring(span.Start, span.Length);

    public Place At(TextSpan span) => new(this, span);
}

/// <summary>A span in a file: what a diagnostic points at.</summary>
internal readonly record struct Place(SourceFile File, TextSpan Span)
{
    public string Text => File[Span];
}
