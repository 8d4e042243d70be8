namespace Ulm.Munin;

/// <summary>A line <c>field.attribute text</c>, or <c>attribute text</c> with an empty field. Points into the reader's buffer.</summary>
internal readonly ref struct FieldLine
{
    public ReadOnlySpan<byte> Field { get; private init; }
    public ReadOnlySpan<byte> Attribute { get; private init; }
    public ReadOnlySpan<byte> Text { get; private init; }

    /// <summary>False if the line is not of that form.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out FieldLine parsed)
    {
        var blank = line.IndexOfAny((byte)' ', (byte)'\t');
        var head = blank < 0 ? line : line[..blank];
        var dot = head.IndexOf((byte)'.');
        parsed = new FieldLine
        {
            Field = dot < 0 ? [] : head[..dot],
            Attribute = head[(dot + 1)..],
            Text = blank < 0 ? [] : line[blank..].Trim(" \t"u8),
        };
        return Names.IsField(parsed.Attribute) && (dot < 0 || Names.IsField(parsed.Field));
    }
}
