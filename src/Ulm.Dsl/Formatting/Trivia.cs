using System.Collections.Immutable;

namespace Ulm.Dsl.Formatting;

/// <summary>What stands before a token: the rest of the line of the token before it, then lines of their own.</summary>
/// <param name="AtLineEnd">The comment behind the token before, on its line; null where there is none.</param>
/// <param name="Lines">Comments that have a line to themselves; null stands for one blank line or several.</param>
internal readonly record struct Trivia(string? AtLineEnd, ImmutableArray<string?> Lines)
{
    public IEnumerable<string> Comments => Lines.OfType<string>();

    /// <param name="afterToken">False at the beginning of a file, where a comment on the first line has that line to itself.</param>
    public static Trivia Read(string text, int start, int end, bool afterToken)
    {
        string? atLineEnd = null;
        var lines = ImmutableArray.CreateBuilder<string?>();
        var sameLine = afterToken;
        var lineEnds = 0;
        for (var i = start; i < end;)
        {
            switch (text[i])
            {
                case ' ' or '\t':
                    i++;
                    break;
                case '\r' or '\n':
                    i += text[i] == '\r' && i + 1 < end && text[i + 1] == '\n' ? 2 : 1;
                    lineEnds++;
                    sameLine = false;
                    break;
                case '#':
                    var stop = text.AsSpan(i, end - i).IndexOfAny('\r', '\n');
                    stop = stop < 0 ? end : i + stop;
                    var comment = text[i..stop].TrimEnd(' ', '\t');
                    if (lineEnds > 1)
                        lines.Add(null);
                    if (sameLine)
                        atLineEnd = comment;
                    else
                        lines.Add(comment);
                    lineEnds = 0;
                    i = stop;
                    break;
                default:
                    throw new InvalidOperationException($"`{text[i]}` between two tokens of a sound text.");
            }
        }
        if (lineEnds > 1)
            lines.Add(null);
        return new Trivia(atLineEnd, lines.ToImmutable());
    }
}
