namespace Ulm.Dsl.Text;

/// <summary>A stretch of a source text, in UTF-16 units from its beginning.</summary>
public readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;

    public static TextSpan FromBounds(int start, int end) => new(start, Math.Max(0, end - start));

    /// <summary>The smallest span that holds both.</summary>
    public TextSpan To(TextSpan last) => FromBounds(Math.Min(Start, last.Start), Math.Max(End, last.End));

    public bool Contains(TextSpan other) => Start <= other.Start && other.End <= End;

    public override string ToString() => $"[{Start}..{End})";
}
