using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>tls</c> and proves its certificates. Texts never hold a key.</summary>
internal static class UpstreamTlsReader
{
    private const int CertificateMin = 128;
    private const int KeyMin = 64;
    private const int PemMax = 64 * 1024;

    public static UpstreamTlsConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("tls") is not { } reader)
            return null;

        string? certId = reader.Id("client_cert_id");
        string? cert = reader.Text("client_cert", CertificateMin, PemMax);
        string? key = reader.Text("client_key", KeyMin, PemMax);
        bool verify = reader.Flag("verify") ?? false;
        ImmutableArray<string>? anchors = reader.Items<string>("ca_certs", 1, unique: true, CaCertificate);
        Depends(reader, "client_cert", "client_key");
        Depends(reader, "client_key", "client_cert");
        if (reader.Has("client_cert_id") && reader.Has("client_cert") && reader.Has("client_key"))
        {
            reader.Findings.Schema(reader.At, "failed to validate dependent schema for \"client_cert_id\": value wasn't supposed to match schema"
                + " (give either client_cert_id, or client_cert and client_key)");
        }

        reader.WarnOthers();
        return new UpstreamTlsConfig(cert, key, verify, anchors is { } list ? new EquatableArray<string>(list) : []) { ClientCertId = certId };
    }

    /// <summary>Parses the certificates, and tries whether the key is that of the certificate.</summary>
    public static void CheckCertificates(ObjectReader upstream, UpstreamTlsConfig? tls)
    {
        if (tls is null)
            return;

        Location at = upstream.At.Property("tls");
        if (tls.ClientCert is { } cert && CheckCertificate(upstream.Findings, Phase.Check, at.Property("client_cert"), cert) && tls.ClientKey is { } key)
            CheckKey(upstream.Findings, at.Property("client_key"), cert, key);
        for (int i = 0; i < tls.CaCerts.Count; i++)
            CheckCertificate(upstream.Findings, Phase.Own, at.Property("ca_certs").Item(i), tls.CaCerts[i]);
    }

    private static bool CaCertificate(JsonElement value, Location at, Findings findings, out string item)
    {
        string? text = JsonValues.Text(value, at, findings, CertificateMin, PemMax);
        item = text ?? "";
        return text is not null;
    }

    private static void Depends(ObjectReader reader, string name, string needed)
    {
        if (reader.Has(name) && !reader.Has(needed))
            reader.Findings.Schema(reader.At, $"failed to validate dependent schema for \"{name}\": property \"{needed}\" is required");
    }

    private static bool CheckCertificate(Findings findings, Phase phase, Location at, string pem)
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

            findings.Add(phase, at, $"failed to parse cert: no PEM certificate in it ({at.Path})");
        }
        catch (CryptographicException exception)
        {
            findings.Add(phase, at, $"failed to parse cert: {exception.Message.TrimEnd('.')} ({at.Path})");
        }

        return false;
    }

    private static void CheckKey(Findings findings, Location at, string cert, string key)
    {
        try
        {
            X509Certificate2.CreateFromPem(cert, key).Dispose();
        }
        catch (ArgumentException)
        {
            // Thrown when both are readable and do not belong together.
            findings.Add(Phase.Own, at, $"{at.Path} is not the key of client_cert");
        }
        catch (CryptographicException exception)
        {
            findings.Add(Phase.Check, at, $"failed to parse key: {exception.Message.TrimEnd('.')} ({at.Path})");
        }
    }
}
