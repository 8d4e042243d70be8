using System.Security.Cryptography.X509Certificates;

namespace Ulm.Munin;

public enum MuninTlsMode
{
    /// <summary>Never ask for TLS.</summary>
    Disabled,

    /// <summary>
    /// Ask, and go on in the clear if the node has none. Keeps out a listener, not an attacker who can change the answer.
    /// </summary>
    IfOffered,

    /// <summary>No TLS, no data.</summary>
    Required,
}

/// <summary>
/// How to use munin's STARTTLS. Certificates are handed in, not read from files. Immutable; the certificates must outlive the node.
/// </summary>
public sealed record MuninTls
{
    public static MuninTls Disabled { get; } = new();
    public static MuninTls IfOffered { get; } = new() { Mode = MuninTlsMode.IfOffered };
    public static MuninTls Required { get; } = new() { Mode = MuninTlsMode.Required };

    public MuninTlsMode Mode { get; init; }

    /// <summary>
    /// The only roots trusted. Without them <see cref="MuninTlsMode.Required"/> trusts the system's roots, and
    /// <see cref="MuninTlsMode.IfOffered"/> takes any certificate.
    /// </summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>With its private key; for nodes with <c>tls paranoid</c>.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>The name the certificate must carry. Default: <see cref="MuninNodeOptions.Host"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>False takes any name, as munin's own master does; munin certificates are often made without one. Default true.</summary>
    public bool VerifyName { get; init; } = true;
}
