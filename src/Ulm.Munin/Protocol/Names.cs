using System.Buffers;

namespace Ulm.Munin;

/// <summary>Which names the protocol allows, and those that are safe to send.</summary>
internal static class Names
{
    private const string Word = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

    private static readonly SearchValues<byte> FieldBytes = SearchValues.Create([.. (Word + "-").Select(c => (byte)c)]);
    private static readonly SearchValues<byte> GraphBytes = SearchValues.Create([.. (Word + "-.:@").Select(c => (byte)c)]);
    private static readonly SearchValues<char> GraphChars = SearchValues.Create(Word + "-.:@");

    public static bool IsField(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(FieldBytes);

    /// <summary>munin-node runs only plugins named like this (Munin::Node::Service); graphs of multigraph plugins follow suit.</summary>
    public static bool IsGraph(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(GraphBytes);

    /// <summary>Guards the wire: a name with a line end in it would be a second command.</summary>
    public static string Checked(string name, string parameter) =>
        name.Length is > 0 and <= 256 && !name.AsSpan().ContainsAnyExcept(GraphChars)
            ? name
            : throw new ArgumentException($"'{name}' can't be the name of a munin plugin or node.", parameter);
}
