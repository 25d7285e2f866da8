using System.Collections.Immutable;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>tls</c> and proves its certificates. Texts never hold a key.</summary>
internal static class UpstreamTlsReader
{
    public static UpstreamTlsConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("tls") is not { } reader)
            return null;

        string? certId = reader.Id("client_cert_id");
        string? cert = reader.Text("client_cert", CertificateRules.CertificateMin, CertificateRules.PemMax);
        string? key = reader.Text("client_key", CertificateRules.KeyMin, CertificateRules.PemMax);
        bool verify = reader.Flag("verify") ?? false;
        ImmutableArray<string>? anchors = reader.Items<string>("ca_certs", 1, unique: true, CertificateRules.Certificate);
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
        if (tls.ClientCert is { } cert && CertificateRules.CheckCertificate(upstream.Findings, Phase.Check, at.Property("client_cert"), cert) && tls.ClientKey is { } key)
            CertificateRules.CheckKey(upstream.Findings, at.Property("client_key"), "client_cert", cert, key);
        for (int i = 0; i < tls.CaCerts.Count; i++)
            CertificateRules.CheckCertificate(upstream.Findings, Phase.Own, at.Property("ca_certs").Item(i), tls.CaCerts[i]);
    }

    private static void Depends(ObjectReader reader, string name, string needed)
    {
        if (reader.Has(name) && !reader.Has(needed))
            reader.Findings.Schema(reader.At, $"failed to validate dependent schema for \"{name}\": property \"{needed}\" is required");
    }
}
