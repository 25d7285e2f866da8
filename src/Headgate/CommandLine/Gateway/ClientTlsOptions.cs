using System.CommandLine;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Headgate.Settings;

namespace Headgate.CommandLine.Gateway;

/// <summary>The options by which a tool knows an Admin API behind HTTPS, and shows who it is. The same for all commands that ask a gateway.</summary>
internal static class ClientTlsOptions
{
    private static readonly Option<string?> Ca = new("--ca")
    {
        Description = "File with the authorities of which the gateway's certificate has to be, PEM; default: those of the system, and for the gateway of the configuration the very certificate there.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Cert = new("--cert") { Description = "File with the certificate to show to the gateway, and its chain, PEM.", HelpName = "FILE" };
    private static readonly Option<string?> CertKey = new("--cert-key") { Description = "File with the private key of --cert, PEM; default: it is in the same file.", HelpName = "FILE" };

    /// <summary>All of them, for a command.</summary>
    public static IReadOnlyList<Option> All { get; } = [Ca, Cert, CertKey];

    /// <summary>What they say; returns what is wrong with it, or null.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="expectedFile">File of the certificate that the gateway is known to have when <c>--ca</c> is not given; null = none is known.</param>
    /// <param name="tls">How to connect.</param>
    public static string? Read(ParseResult given, string? expectedFile, out SslClientAuthenticationOptions tls)
    {
        SslClientAuthenticationOptions options = tls = new();
        string? cert = given.GetValue(Cert), certKey = given.GetValue(CertKey);
        if (cert is null && certKey is not null)
            return "--cert-key goes with --cert only";
        string? problem = given.GetValue(Ca) is { } ca ? Guard("--ca", ca, () => options.CertificateChainPolicy = Trusting(ca))
            : expectedFile is null ? null : Guard(AdminTlsSettings.CertKey, expectedFile, () => Expect(options, X509Certificate2.CreateFromPem(File.ReadAllText(expectedFile))));
        return problem ?? (cert is null ? null : Guard("--cert", cert, () => options.ClientCertificateContext = Own(cert, certKey ?? cert)));
    }

    private static X509ChainPolicy Trusting(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy.CustomTrustStore.Count > 0 ? policy : throw new CryptographicException("there is no certificate in it");
    }

    /// <summary>Who is asked on this machine is asked by address, which no certificate has to name: that it is the gateway, its certificate says.</summary>
    private static void Expect(SslClientAuthenticationOptions options, X509Certificate2 expected) =>
        options.RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(expected.RawDataMemory.Span);

    private static SslStreamCertificateContext Own(string cert, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(cert);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(cert, key), chain, offline: true);
    }

    private static string? Guard(string name, string file, Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            return $"{name}: {file} cannot be used: {e.Message}";
        }
    }
}
