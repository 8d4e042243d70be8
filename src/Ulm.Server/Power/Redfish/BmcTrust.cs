using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ulm.Server.Configuration;

namespace Ulm.Server.Power.Redfish;

/// <summary>Whether a BMC is the one it should be: by an authority of the site's own, or by the fingerprint of its one certificate.</summary>
internal static class BmcTrust
{
    /// <returns>Null: the certificate is accepted; else why it is not.</returns>
    public static string? Objection(RedfishTrust trust, X509Certificate2? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if (certificate is null) return "it shows no certificate";
        switch (trust)
        {
            case RedfishTrust.Pinned pinned:
                // The name does not matter: most BMCs sign for themselves, for a name that nobody uses.
                var found = certificate.GetCertHashString(HashAlgorithmName.SHA256);
                return found == pinned.Fingerprint ? null : $"its certificate has the fingerprint {found}, not {pinned.Fingerprint}";
            case RedfishTrust.Authority authority:
                using (var chain = new X509Chain())
                {
                    chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                    chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                    chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authority.File);
                    if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
                    if (!chain.Build(certificate)) return $"its certificate comes from none of {authority.File}: {string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()))}";
                    return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? "its certificate is for another name" : null;
                }

            default:
                throw new InvalidOperationException($"nothing is trusted by {trust.GetType().Name}");
        }
    }

    /// <summary>Why it can't be used, or nothing.</summary>
    public static IEnumerable<string> Faults(RedfishTrust? trust)
    {
        if (trust is not RedfishTrust.Authority authority) yield break;
        string? fault = null;
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPemFile(authority.File);
            if (certificates.Count == 0) fault = $"{authority.File} holds no certificate in PEM form";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            fault = $"the certificates of {authority.File} can't be read: {e.Message}";
        }

        if (fault is not null) yield return fault;
    }
}
