using Ulm.Dsl.Text;

namespace Ulm.Server.LanguageServer;

/// <summary>A text with its lines found, for going between the protocol's positions and offsets. Immutable.</summary>
internal sealed class OpenText
{
    private readonly List<int> _lineStarts = [0];

    public OpenText(string text)
    {
        Text = text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n'))) _lineStarts.Add(i + 1);
        }
    }

    public string Text { get; }

    /// <summary>What lies outside the text is taken for the nearest place within it, as the protocol asks for.</summary>
    public int Offset(Position position)
    {
        if (position.Line >= _lineStarts.Count) return Text.Length;
        var start = _lineStarts[Math.Max(0, position.Line)];
        var end = start;
        while (end < Text.Length && Text[end] is not ('\r' or '\n')) end++;
        return Math.Clamp(start + position.Character, start, end);
    }

    public Position At(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var line = _lineStarts.BinarySearch(offset);
        if (line < 0) line = ~line - 1;
        return new Position(line, offset - _lineStarts[line]);
    }

    public Range At(TextSpan span) => new(At(span.Start), At(span.End));

    public Range Whole => new(new Position(0, 0), At(Text.Length));

    public OpenText With(ContentChange change) => change.Range is not { } range
        ? new OpenText(change.Text)
        : new OpenText(string.Concat(Text.AsSpan(0, Offset(range.Start)), change.Text, Text.AsSpan(Math.Max(Offset(range.Start), Offset(range.End)))));
}
