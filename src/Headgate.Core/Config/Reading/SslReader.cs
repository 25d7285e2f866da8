using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Reading;

/// <summary>Reads certificate objects and proves their certificates and keys. Texts never hold a key.</summary>
internal static class SslReader
{
    private static readonly ImmutableArray<string> Types = ["server", "client"];
    private static readonly ImmutableArray<string> Versions = ["TLSv1.1", "TLSv1.2", "TLSv1.3"];

    public static SslConfig? Read(string id, JsonElement value, Findings findings)
    {
        if (ObjectReader.Open(value, Location.Root, findings) is not { } reader)
            return null;

        reader.Id("id");
        MetadataReader.CheckAbout(reader);
        SslType type = reader.Choice("type", Types) == "client" ? SslType.Client : SslType.Server;
        EquatableArray<SslCertificateConfig> certificates = ReadCertificates(reader);
        var config = new SslConfig
        {
            Id = id,
            Type = type,
            Certificates = certificates,
            Snis = ReadNames(reader),
            Client = ReadClient(reader),
            Enabled = StatusReader.Read(reader),
            Protocols = ReadProtocols(reader),
        };
        CheckRequired(reader, type);
        reader.ForbidOthers();
        NoteWithoutEffect(reader, config);
        return config;
    }

    private static EquatableArray<SslCertificateConfig> ReadCertificates(ObjectReader reader)
    {
        var found = ImmutableArray.CreateBuilder<SslCertificateConfig>();
        string? cert = ReadPem(reader, "cert", CertificateRules.CertificateMin);
        string? key = ReadPem(reader, "key", CertificateRules.KeyMin);
        Prove(reader, found, (reader.At.Property("cert"), cert), (reader.At.Property("key"), key), "cert", "");

        ImmutableArray<string> certs = reader.Items<string>("certs", 0, unique: false, CertificateRules.Certificate) ?? [];
        ImmutableArray<string> keys = reader.Items<string>("keys", 0, unique: false, CertificateRules.PrivateKey) ?? [];
        if (certs.Length != keys.Length)
        {
            reader.Findings.Add(Phase.Check, reader.At, $"mismatched number of certs and keys (certs: {certs.Length}, keys: {keys.Length})");
            return new EquatableArray<SslCertificateConfig>(found.ToImmutable());
        }

        for (int i = 0; i < certs.Length; i++)
        {
            Location certAt = reader.At.Property("certs").Item(i);
            Prove(reader, found, (certAt, certs[i]), (reader.At.Property("keys").Item(i), keys[i]), certAt.Path, $"failed to handle cert-key pair[{i + 1}]: ");
        }

        return new EquatableArray<SslCertificateConfig>(found.ToImmutable());
    }

    /// <summary>PEM, or a reference to a secret that is some.</summary>
    private static string? ReadPem(ObjectReader reader, string name, int min) =>
        reader.TryGet(name, out JsonElement value) && CertificateRules.IsReference(value) ? reader.Text(name) : reader.Text(name, min, CertificateRules.PemMax);

    /// <summary>What a reference stands for is known to gateways only: they prove it.</summary>
    private static void Prove(
        ObjectReader reader, ImmutableArray<SslCertificateConfig>.Builder found, (Location At, string? Pem) cert, (Location At, string? Pem) key, string certName, string lead)
    {
        if (SecretReference.Is(cert.Pem ?? "") || SecretReference.Is(key.Pem ?? ""))
            return;
        if (cert.Pem is null || !CertificateRules.CheckCertificate(reader.Findings, Phase.Check, cert.At, cert.Pem, lead))
            return;
        if (key.Pem is not null && CertificateRules.CheckKey(reader.Findings, key.At, certName, cert.Pem, key.Pem, lead))
            found.Add(new SslCertificateConfig(cert.Pem, key.Pem));
    }

    private static EquatableArray<string> ReadNames(ObjectReader reader)
    {
        string? one = reader.Host("sni");
        ImmutableArray<string> many = reader.Items<string>("snis", 1, unique: false, ItemReaders.Host) ?? [];
        IEnumerable<string> all = one is null ? many : [one, .. many];
        return new EquatableArray<string>([.. all.Select(name => name.TrimEnd('.').ToLowerInvariant()).Distinct(StringComparer.Ordinal)]);
    }

    private static SslClientConfig? ReadClient(ObjectReader owner)
    {
        if (owner.Object("client") is not { } reader)
            return null;
        reader.Require("ca");
        string? ca = reader.Text("ca", CertificateRules.CertificateMin, CertificateRules.PemMax);
        if (ca is not null)
            CertificateRules.CheckCertificate(reader.Findings, Phase.Check, reader.At.Property("ca"), ca, "failed to validate client_cert: ");
        int depth = reader.Integer("depth", 0) ?? SslClientConfig.DefaultDepth;
        ImmutableArray<string> skipped = reader.Items<string>("skip_mtls_uri_regex", 1, unique: true, Pattern) ?? [];
        reader.WarnOthers();
        return new SslClientConfig(ca ?? "", depth, new EquatableArray<string>(skipped));
    }

    private static bool Pattern(JsonElement value, Location at, Findings findings, out string item)
    {
        if (!ItemReaders.Text(value, at, findings, out item))
            return false;
        try
        {
            _ = new Regex(item, RegexOptions.CultureInvariant);
            return true;
        }
        catch (RegexParseException exception)
        {
            findings.Add(Phase.Own, at, $"{at.Path} {LuaText.Quote(item)} is no regular expression: {exception.Message.TrimEnd('.')}");
            return false;
        }
    }

    private static EquatableArray<string> ReadProtocols(ObjectReader reader)
    {
        ImmutableArray<string> versions = reader.Items<string>("ssl_protocols", 0, unique: true, Version) ?? [];
        int old = versions.IndexOf("TLSv1.1");
        if (old >= 0 && versions.Length == 1)
            reader.Findings.Add(Phase.Own, reader.At.Property("ssl_protocols"), "ssl_protocols leaves no version that the gateway speaks; use TLSv1.2, TLSv1.3 or both");
        else if (old >= 0)
            reader.Findings.Warn(reader.At.Property("ssl_protocols").Item(old), "TLSv1.1 has no effect: the gateway speaks 1.2 and 1.3 only");
        return new EquatableArray<string>(versions);
    }

    private static bool Version(JsonElement value, Location at, Findings findings, out string item)
    {
        string? version = JsonValues.Choice(value, at, findings, Versions);
        item = version ?? "";
        return version is not null;
    }

    private static void CheckRequired(ObjectReader reader, SslType type)
    {
        bool pair = reader.Has("cert") && reader.Has("key");
        if (type == SslType.Client && !pair)
            reader.Findings.Schema(reader.At, "else clause did not match (give cert and key)");
        else if (type == SslType.Server && !(pair && reader.Has("sni") != reader.Has("snis")))
            reader.Findings.Schema(reader.At, "then clause did not match (give cert, key, and either sni or snis)");
    }

    private static void NoteWithoutEffect(ObjectReader reader, SslConfig config)
    {
        if (config.Type == SslType.Client || config.Certificates.Count == 0)
            return;
        IReadOnlyList<string> covered = CertificateRules.ReadNames(config.Certificates[0].Cert);
        foreach (string name in config.Snis)
        {
            if (!covered.Any(own => Covers(own, name)))
                reader.Findings.Warn(reader.At, $"clients that ask for {LuaText.Clip(name)} will not trust cert, which is for {string.Join(", ", covered.Take(8))}");
        }
    }

    /// <summary>A certificate's wildcard stands for exactly one label (RFC 6125 §6.4.3).</summary>
    private static bool Covers(string own, string name) =>
        string.Equals(own, name, StringComparison.OrdinalIgnoreCase)
        || (own.StartsWith("*.", StringComparison.Ordinal) && name.IndexOf('.', StringComparison.Ordinal) is var dot and > 0
            && string.Equals(own[1..], name[dot..], StringComparison.OrdinalIgnoreCase));
}
