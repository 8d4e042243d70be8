using System.Text;

namespace Ulm.Munin;

/// <summary>Foreign bytes made fit for an error message: short, one line, nothing a terminal would obey.</summary>
internal static class Excerpt
{
    private const int MaxBytes = 60;

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "an empty line";
        var text = new StringBuilder("'");
        foreach (var b in bytes[..Math.Min(bytes.Length, MaxBytes)])
            if (b is >= 0x20 and < 0x7f) text.Append((char)b);
            else text.Append("\\x").Append(b.ToString("x2", null));
        text.Append('\'');
        if (bytes.Length > MaxBytes) text.Append($" ({bytes.Length} bytes)");
        return text.ToString();
    }
}
