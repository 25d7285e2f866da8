using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads and proves certificates and private keys in PEM. Texts never hold a key.</summary>
internal static class CertificateRules
{
    public const int CertificateMin = 128;
    public const int KeyMin = 64;
    public const int PemMax = 64 * 1024;

    /// <summary>Whether the value is a reference to a secret.</summary>
    public static bool IsReference(JsonElement value) => value.ValueKind == JsonValueKind.String && SecretReference.Is(value.GetString()!);

    public static bool Certificate(JsonElement value, Location at, Findings findings, out string item) =>
        Keep(IsReference(value) ? value.GetString() : JsonValues.Text(value, at, findings, CertificateMin, PemMax), out item);

    public static bool PrivateKey(JsonElement value, Location at, Findings findings, out string item) =>
        Keep(IsReference(value) ? value.GetString() : JsonValues.Text(value, at, findings, KeyMin, PemMax), out item);

    /// <summary>Whether there are certificates in a text; when not, that is reported behind <paramref name="lead"/>.</summary>
    public static bool CheckCertificate(Findings findings, Phase phase, Location at, string pem, string lead = "")
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pem);
            bool any = chain.Count > 0;
            foreach (X509Certificate2 certificate in chain)
                certificate.Dispose();
            if (any)
                return true;

            findings.Add(phase, at, $"{lead}failed to parse cert: no PEM certificate in it ({at.Path})");
        }
        catch (CryptographicException exception)
        {
            findings.Add(phase, at, $"{lead}failed to parse cert: {exception.Message.TrimEnd('.')} ({at.Path})");
        }

        return false;
    }

    /// <summary>Whether a key belongs to the first certificate of <paramref name="cert"/>, which is known to be one and stands in the field <paramref name="certName"/>.</summary>
    public static bool CheckKey(Findings findings, Location at, string certName, string cert, string key, string lead = "")
    {
        try
        {
            X509Certificate2.CreateFromPem(cert, key).Dispose();
            return true;
        }
        catch (ArgumentException)
        {
            // Thrown when both are readable and do not belong together.
            findings.Add(Phase.Own, at, $"{lead}{at.Path} is not the key of {certName}{NamesOf(cert)}");
        }
        catch (CryptographicException exception)
        {
            findings.Add(Phase.Check, at, $"{lead}failed to parse key: {exception.Message.TrimEnd('.')} ({at.Path})");
        }

        return false;
    }

    /// <summary>DNS names and addresses that the first certificate is for; its subject when it names none.</summary>
    public static IReadOnlyList<string> ReadNames(string pem)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(pem);
        try
        {
            var names = new List<string>();
            foreach (X509SubjectAlternativeNameExtension extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
            {
                names.AddRange(extension.EnumerateDnsNames());
                names.AddRange(extension.EnumerateIPAddresses().Select(address => address.ToString()));
            }

            return names.Count > 0 ? names : [certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)];
        }
        catch (CryptographicException)
        {
            // The certificate is good, its list of names is not; clients will say so.
            return [];
        }
    }

    // The client's key has the name of its field only; what a server's certificate is for tells which of several was mixed up.
    private static string NamesOf(string cert) => ReadNames(cert) is { Count: > 0 } names ? $" (a certificate for {string.Join(", ", names.Take(8))})" : "";

    private static bool Keep(string? read, out string item)
    {
        item = read ?? "";
        return read is not null;
    }
}
