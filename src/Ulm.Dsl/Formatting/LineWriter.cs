using System.Text;

namespace Ulm.Dsl.Formatting;

/// <summary>A line to be: its words, and the comment behind them or instead of them.</summary>
internal sealed class FormattedLine(int indent)
{
    public int Indent { get; set; } = indent;

    public StringBuilder Words { get; } = new();

    public string? Comment { get; set; }

    public bool IsBlank => Words.Length == 0 && Comment is null;

    public int Column => Indent + Words.Length;
}

/// <summary>Collects lines.</summary>
internal sealed class LineWriter
{
    private readonly List<FormattedLine> _lines = [];

    public IReadOnlyList<FormattedLine> Lines => _lines;

    /// <summary>The line that is being written; there is one once <see cref="Begin"/> was called.</summary>
    public FormattedLine Line => _lines[^1];

    private bool _blankIsKept;

    /// <summary>Leaves a line empty; what comes next needs a <see cref="Begin"/>.</summary>
    public void Blank()
    {
        _lines.Add(new FormattedLine(0));
        _blankIsKept = true;
    }

    /// <summary>What is written next stands on a line of its own, indented so far.</summary>
    public void Begin(int indent)
    {
        if (_lines.Count > 0 && Line.IsBlank && !_blankIsKept)
            Line.Indent = indent;
        else
            _lines.Add(new FormattedLine(indent));
        _blankIsKept = false;
    }
}
