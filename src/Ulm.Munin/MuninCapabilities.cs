namespace Ulm.Munin;

/// <summary>What a node said of itself when the connection was made (banner, STARTTLS, <c>cap</c>).</summary>
/// <param name="NodeName">The name in its banner; what <c>list</c> without an argument lists the plugins of.</param>
/// <param name="Names">All capabilities it named, also those this library does not use.</param>
/// <param name="Encrypted">True if the connection is under TLS.</param>
public sealed record MuninCapabilities(string NodeName, IReadOnlyList<string> Names, bool Encrypted)
{
    public bool Multigraph => Names.Contains("multigraph");
    public bool DirtyConfig => Names.Contains("dirtyconfig");
}
