using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ulm.Munin.Tests;

/// <summary>STARTTLS with Debian's munin-node and certificates made for the test.</summary>
public sealed class RealTlsTests : IDisposable
{
    private static readonly Dictionary<string, string> Own = new() { ["dirty"] = "[ \"$1\" = config ] && echo a.label a || echo a.value 1\n" };

    private readonly X509Certificate2 _server = SelfSigned("CN=real.test");
    private readonly X509Certificate2 _client = SelfSigned("CN=ulm");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, true));
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private Task<RealMuninNode> StartAsync(string mode) => RealMuninNode.StartAsync([], Own, $$"""
        tls {{mode}}
        tls_private_key {0}/key.pem
        tls_certificate {0}/cert.pem
        tls_ca_certificate {0}/ca.pem
        tls_verify_certificate {{(mode == "paranoid" ? "yes" : "no")}}
        """, new Dictionary<string, string>
    {
        ["key.pem"] = _server.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n",
        ["cert.pem"] = _server.ExportCertificatePem() + "\n",
        ["ca.pem"] = _client.ExportCertificatePem() + "\n",
    });

    private async Task<MuninCapabilities> UseAsync(RealMuninNode real, MuninTls tls)
    {
        await using var node = new MuninNode(real.Options with { Tls = tls }, TimeProvider.System);
        Assert.Equal(["dirty"], await node.ListAsync(ct: _ct));
        Assert.Equal(1, Assert.Single(Assert.Single(await node.FetchAsync("dirty", _ct)).Values).Value);
        Assert.Equal(1, node.Connections);
        return await node.CapabilitiesAsync(_ct);
    }

    private async Task<MuninException> RefusedAsync(RealMuninNode real, MuninTls tls)
    {
        await using var node = new MuninNode(real.Options with { Tls = tls }, TimeProvider.System);
        return await node.ListAsync(ct: _ct).FaultOf(MuninFault.TlsFailed);
    }

    [Fact]
    public async Task NodeDemandsTls()
    {
        await using var real = await StartAsync("enabled");
        var trusted = MuninTls.Required with { TrustedRoots = [_server] };
        Assert.True((await UseAsync(real, trusted)).Encrypted);
        Assert.True((await UseAsync(real, trusted with { ServerName = "other.test", VerifyName = false })).Encrypted);
        Assert.True((await UseAsync(real, MuninTls.IfOffered)).Encrypted);
        Assert.Contains("disabled here", (await RefusedAsync(real, MuninTls.Disabled)).Message);
        await RefusedAsync(real, MuninTls.Required); // the system does not know this root
        await RefusedAsync(real, MuninTls.Required with { TrustedRoots = [_client] });
        await RefusedAsync(real, MuninTls.IfOffered with { TrustedRoots = [_client] }); // a wrong certificate is no reason to go on in the clear
        await RefusedAsync(real, trusted with { ServerName = "other.test" });
    }

    [Fact]
    public async Task NodeDemandsAClientCertificate()
    {
        await using var real = await StartAsync("paranoid");
        var trusted = MuninTls.Required with { TrustedRoots = [_server] };
        Assert.True((await UseAsync(real, trusted with { ClientCertificate = _client })).Encrypted);
        await RefusedAsync(real, trusted);
        await RefusedAsync(real, trusted with { ClientCertificate = _server });
    }

    [Fact]
    public async Task NodeWithoutKey_OffersTlsItCanNotDo()
    {
        await using var real = await RealMuninNode.StartAsync([], Own);
        await using var node = new MuninNode(real.Options with { Tls = MuninTls.IfOffered }, TimeProvider.System);
        Assert.False((await node.CapabilitiesAsync(_ct)).Encrypted);
        Assert.Equal(["dirty"], await node.ListAsync(ct: _ct));
        Assert.Contains("TLS MAYBE", (await RefusedAsync(real, MuninTls.Required)).Message);
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }
}
