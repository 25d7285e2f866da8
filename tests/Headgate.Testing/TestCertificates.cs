using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Headgate.Testing;

/// <summary>A certificate authority of a test, and what it signs. Keys are made anew for every instance.</summary>
public sealed class TestCertificates : IDisposable
{
    private static readonly DateTimeOffset NotBefore = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly DateTimeOffset NotAfter = NotBefore.AddDays(30);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Makes an authority.</summary>
    public TestCertificates()
    {
        Authority = Request("CN=Test authority").CreateSelfSigned(NotBefore, NotAfter);
    }

    /// <summary>Makes an authority below <paramref name="above"/>.</summary>
    public TestCertificates(TestCertificates above)
    {
        using X509Certificate2 signed = Request($"{above.Authority.Subject} below").Create(above.Authority, NotBefore, NotAfter, RandomNumberGenerator.GetBytes(8));
        Authority = signed.CopyWithPrivateKey(_key);
    }

    /// <summary>The authority's certificate, with its key.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>The authority's certificate as PEM.</summary>
    public string AuthorityPem => Authority.ExportCertificatePem();

    /// <summary>A certificate for a name or an address, with its key.</summary>
    /// <param name="name">The name or address.</param>
    /// <param name="purpose">Object identifier of what alone it may be used for; null = for anything.</param>
    public X509Certificate2 Issue(string name, string? purpose = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out IPAddress? address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        if (purpose is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        using X509Certificate2 signed = request.Create(Authority, NotBefore, NotAfter, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>As <see cref="Issue"/>, no longer valid.</summary>
    public X509Certificate2 IssueExpired(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 signed = request.Create(Authority, NotBefore, NotBefore.AddMinutes(1), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>A certificate with an RSA key, and the key, as PEM.</summary>
    public (string Certificate, string Key) IssueRsaPem(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var generator = X509SignatureGenerator.CreateForECDsa(_key);
        using X509Certificate2 signed = request.Create(Authority.SubjectName, generator, NotBefore, NotAfter, RandomNumberGenerator.GetBytes(8));
        return (signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>A certificate and its key as PEM.</summary>
    public (string Certificate, string Key) IssuePem(string name)
    {
        using X509Certificate2 certificate = Issue(name);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Authority.Dispose();
        _key.Dispose();
    }

    private CertificateRequest Request(string name)
    {
        var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }
}
