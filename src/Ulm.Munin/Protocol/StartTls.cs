using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Ulm.Munin;

internal enum TlsOffer { None, NoKey, Ready }

/// <summary>
/// munin's STARTTLS: the node answers <c>TLS OK</c> if it has a key, <c>TLS MAYBE</c> if it has none (it then wants the sides of the
/// handshake reversed), or says that it does not know the command. Source: Munin::Common::TLSServer.
/// </summary>
internal static class StartTls
{
    public static async Task<TlsOffer> AskAsync(MuninConnection connection, CancellationToken ct)
    {
        await connection.WriteAsync("starttls", ct).ConfigureAwait(false);
        var line = await connection.ReadLineAsync("an answer to STARTTLS", ct).ConfigureAwait(false);
        var required = connection.Tls.Mode == MuninTlsMode.Required;
        if (line.Span.StartsWith("TLS OK"u8)) return TlsOffer.Ready;
        if (line.Span.StartsWith("TLS MAYBE"u8))
            return required
                ? throw connection.Fault(MuninFault.TlsFailed, "TLS is required here, and the node has no key (TLS MAYBE)")
                : TlsOffer.NoKey;
        if (!line.Span.StartsWith("#"u8)) throw connection.Violation("'TLS OK', 'TLS MAYBE' or a comment", line.Span);
        return required
            ? throw connection.Fault(MuninFault.TlsFailed, $"TLS is required here, and the node has none: {Excerpt.Of(line.Span)}")
            : TlsOffer.None;
    }

    public static async Task<Stream> HandshakeAsync(MuninConnection connection, Stream plain, MuninNodeOptions options,
        CancellationToken ct)
    {
        var tls = options.Tls;
        var ssl = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            await ssl.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = tls.ServerName ?? options.Host,
                ClientCertificates = tls.ClientCertificate is { } own ? [own] : null,
                CertificateChainPolicy = Policy(tls),
                RemoteCertificateValidationCallback = (_, _, _, errors) => IsAcceptable(tls, errors),
            }, ct).ConfigureAwait(false);
            return ssl;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await ssl.DisposeAsync().ConfigureAwait(false);
            throw connection.Fault(MuninFault.TlsFailed, $"the TLS handshake failed: {e.Message}", e);
        }
    }

    private static X509ChainPolicy Policy(MuninTls tls)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (tls.TrustedRoots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }
        return policy;
    }

    private static bool IsAcceptable(MuninTls tls, SslPolicyErrors errors)
    {
        if (tls.Mode == MuninTlsMode.IfOffered && tls.TrustedRoots is null) return true;
        return (tls.VerifyName ? errors : errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None;
    }
}
