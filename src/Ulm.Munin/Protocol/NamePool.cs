using System.Text;

namespace Ulm.Munin;

/// <summary>
/// One string per name. A node sends the same field names with every poll; this way they cost memory once. Bounded, since a node
/// may invent names for ever. Not thread-safe: a node's commands run one at a time.
/// </summary>
internal sealed class NamePool
{
    private const int MaxNames = 4096;
    private const int MaxPooledLength = 128;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public string Get(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length > MaxPooledLength) return Encoding.ASCII.GetString(ascii);
        Span<char> chars = stackalloc char[MaxPooledLength];
        chars = chars[..Encoding.ASCII.GetChars(ascii, chars)];
        var lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(chars, out var known)) return known;
        if (_names.Count >= MaxNames) _names.Clear();
        var name = new string(chars);
        _names.Add(name);
        return name;
    }
}
