using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Proxy.Tests.Pipeline;
using Headgate.Testing;

namespace Headgate.Proxy.Tests;

/// <summary>What is read from the files of <c>headgate.tls</c>, and what of it a client sees.</summary>
public sealed class ServerCertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("headgate-test-");
    private readonly TestCertificates _root = new();
    private readonly TestCertificates _middle;
    private readonly TestCertificates _low;
    private readonly string _leaf;
    private readonly string _key;

    public ServerCertificateTests()
    {
        _middle = new TestCertificates(_root);
        _low = new TestCertificates(_middle);
        (_leaf, _key) = _low.IssuePem("127.0.0.1");
    }

    private static CancellationToken Bound => TestContext.Current.CancellationToken;

    [Fact]
    public void FromPemFiles_LeafAlone_HasNoIntermediates()
    {
        ServerCertificate certificate = Read(_leaf);
        certificate.Leaf.Subject.ShouldBe("CN=127.0.0.1");
        certificate.Leaf.HasPrivateKey.ShouldBeTrue();
        certificate.Intermediates.ShouldBeEmpty();
    }

    [Fact]
    public void FromPemFiles_ChainInAnyOrderWithRootAndAStranger_SendsTheIntermediatesInOrder()
    {
        using var stranger = new TestCertificates();
        ServerCertificate certificate = Read(_leaf, _root.AuthorityPem, stranger.AuthorityPem, _middle.AuthorityPem, _low.AuthorityPem);
        certificate.Leaf.Subject.ShouldBe("CN=127.0.0.1");
        certificate.Intermediates.Select(c => c.Thumbprint).ShouldBe([_low.Authority.Thumbprint, _middle.Authority.Thumbprint]);
    }

    [Fact]
    public void FromPemFiles_KeyAndCertificatesInOneFile_AreFound()
    {
        string file = Write("all.pem", _key + "\n" + _leaf + "\n" + _low.AuthorityPem);
        ServerCertificate.FromPemFiles(file, file).Intermediates.Count.ShouldBe(1);
    }

    [Fact]
    public void FromPemFiles_NotACertificateWithItsKey_Throws()
    {
        Should.Throw<ArgumentException>(() => Read(_low.AuthorityPem, _leaf)); // the key is not that of the first one
        Should.Throw<CryptographicException>(() => Read("nothing"));
        Should.Throw<CryptographicException>(() => Read(_leaf, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"));
        Should.Throw<IOException>(() => ServerCertificate.FromPemFiles("/nowhere/cert.pem", "/nowhere/key.pem"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Client_ThatTrustsTheRootOnly_AcceptsTheChain(int version)
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(Read(_leaf, _low.AuthorityPem, _middle.AuthorityPem));
        (await GetAsync(gateway, version)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Client_ThatTrustsTheRootOnly_RefusesAGapInTheChain()
    {
        await using GatewayUnderTest gateway = await GatewayUnderTest.StartWithAsync(Read(_leaf, _middle.AuthorityPem));
        await Should.ThrowAsync<HttpRequestException>(() => GetAsync(gateway, 2));
    }

    public void Dispose()
    {
        _low.Dispose();
        _middle.Dispose();
        _root.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task<HttpResponseMessage> GetAsync(GatewayUnderTest gateway, int version)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(_root.Authority);
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
        using var client = new HttpClient(handler)
        {
            DefaultRequestVersion = new Version(version, version == 1 ? 1 : 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return await client.GetAsync(gateway.Address, Bound);
    }

    private ServerCertificate Read(params string[] certificates) => ServerCertificate.FromPemFiles(Write("cert.pem", string.Join('\n', certificates)), Write("key.pem", _key));

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
