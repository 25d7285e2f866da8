using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Core.Tests.Config;

public sealed class UpstreamTlsTests
{
    [Fact]
    public void Parse_CertificateAndItsKey_IsAccepted()
    {
        (string cert, string key) = NewPair();
        UpstreamTlsConfig tls = Parse(new { client_cert = cert, client_key = key, ca_certs = new[] { cert } }).Valid.Tls.ShouldNotBeNull();
        (tls.ClientCert, tls.ClientKey, tls.Verify).ShouldBe((cert, key, false));
        tls.CaCerts.ShouldBe([cert]);
        tls.ToString().ShouldNotContain(key);
    }

    [Fact]
    public void Parse_KeyOfAnotherCertificate_IsRefused() =>
        Parse(new { client_cert = NewPair().Cert, client_key = NewPair().Key }).ShouldFailWith("tls.client_key is not the key of client_cert (a certificate for client)");

    [Fact]
    public void Parse_TextThatIsNoCertificate_IsRefused()
    {
        Parse(new { client_cert = new string('x', 200), client_key = NewPair().Key })
            .ShouldFailWith("failed to parse cert: no PEM certificate in it (tls.client_cert)");
        Parse(new { ca_certs = new[] { new string('x', 200) } })
            .ShouldFailWith("failed to parse cert: no PEM certificate in it (tls.ca_certs[0])");
    }

    [Fact]
    public void Parse_DamagedCertificateOrKey_IsRefusedWithoutShowingIt()
    {
        (string cert, string key) = NewPair();
        string damaged = "-----BEGIN CERTIFICATE-----\n" + Convert.ToBase64String(new byte[120]) + "\n-----END CERTIFICATE-----";
        Parse(new { client_cert = damaged, client_key = key }).Errors.ShouldHaveSingleItem().ShouldStartWith("failed to parse cert: ");

        string damagedKey = "-----BEGIN PRIVATE KEY-----\n" + Convert.ToBase64String(new byte[120]) + "\n-----END PRIVATE KEY-----";
        string error = Parse(new { client_cert = cert, client_key = damagedKey }).Errors.ShouldHaveSingleItem();
        error.ShouldStartWith("failed to parse key: ");
        error.ShouldNotContain("AAAAAAAA");
        Parse(new { client_cert = cert, client_key = new string('k', 100) }).Errors.ShouldHaveSingleItem().ShouldStartWith("failed to parse key: ");
    }

    [Fact]
    public void Parse_CertificateIdBesideCertificate_IsRefused()
    {
        (string cert, string key) = NewPair();
        Parse(new { client_cert = cert, client_key = key, client_cert_id = "1" }).Errors[0].ShouldStartWith(
            "invalid configuration: property \"tls\" validation failed: failed to validate dependent schema for \"client_cert_id\": value wasn't supposed to match schema");
    }

    [Fact]
    public void Parse_CertificateId_IsRecorded() => Parse(new { client_cert_id = 5 }).Valid.Tls!.ClientCertId.ShouldBe("5");

    private static Parsed<UpstreamConfig> Parse(object tls) =>
        Parsed.Run(
            JsonSerializer.Serialize(new { nodes = new Dictionary<string, int> { ["a:443"] = 1 }, tls }),
            (value, errors) => ConfigParser.ParseUpstream("u1", value, errors));

    private static (string Cert, string Key) NewPair()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
