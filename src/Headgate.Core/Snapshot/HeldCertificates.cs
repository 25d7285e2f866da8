using System.Security.Cryptography;
using System.Text.Json;
using Headgate.Core.Config;

namespace Headgate.Core.Snapshot;

/// <summary>
/// The certificate objects that are being served, and the table made of them. Of several objects for one name the one with the lowest id, as text, is shown, so that it does not depend on
/// who was written first. Not thread-safe: the compiler's.
/// </summary>
/// <param name="compiler">Makes certificates ready for handshakes; null = none is shown to clients.</param>
internal sealed class HeldCertificates(ICertificateCompiler? compiler)
{
    private readonly Dictionary<string, HeldCertificate> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, ServedCertificate>> _byName = new(StringComparer.Ordinal);
    private bool _changed;
    private CertificateTable _table = CertificateTable.Empty;

    /// <summary>Whether a version of the object is served.</summary>
    public bool Contains(string id) => _byId.ContainsKey(id);

    /// <summary>Reads an object and its certificates; null, with errors, when it cannot be served.</summary>
    public HeldCertificate? Read(string id, JsonElement value, ConfigErrors errors)
    {
        if (ConfigParser.ParseSsl(id, value, errors) is not { } config || !errors.IsValid)
            return null;
        if (_byId.GetValueOrDefault(id) is { } before && before.Config == config)
            return before; // sessions of clients can still be resumed
        try
        {
            return new HeldCertificate(config, config is { Type: SslType.Server, Enabled: true } ? compiler?.Compile(config) : null);
        }
        catch (CryptographicException e)
        {
            errors.Add("", $"ssl \"{id}\" cannot be used: {e.Message.TrimEnd('.')}");
            return null;
        }
    }

    /// <summary>Takes an object's new version; null = it is gone.</summary>
    public void Set(string id, HeldCertificate? after)
    {
        HeldCertificate? before = _byId.GetValueOrDefault(id);
        if (before == after)
            return;
        foreach (string name in before?.Config.Snis ?? [])
        {
            if (_byName.TryGetValue(name, out var claims) && claims.Remove(id) && claims.Count == 0)
                _byName.Remove(name);
        }

        _changed = true;
        _byId.Remove(id);
        if (after is null)
            return;
        _byId.Add(id, after);
        foreach (string name in after.Served is null ? [] : after.Config.Snis)
        {
            if (!_byName.TryGetValue(name, out var claims))
                _byName.Add(name, claims = new SortedDictionary<string, ServedCertificate>(StringComparer.Ordinal));
            claims[id] = after.Served!;
        }
    }

    /// <summary><paramref name="tls"/> with the certificate that its <see cref="UpstreamTlsConfig.ClientCertId"/> names; without one when there is no such object for nodes.</summary>
    public UpstreamTlsConfig? Resolve(UpstreamTlsConfig? tls)
    {
        if (tls?.ClientCertId is not { } id || _byId.GetValueOrDefault(id)?.Config is not { Type: SslType.Client, Enabled: true, Certificates.Count: > 0 } config)
            return tls;
        return tls with { ClientCert = config.Certificates[0].Cert, ClientKey = config.Certificates[0].Key };
    }

    /// <summary>The table as it is now; the same one until something changed.</summary>
    public CertificateTable Publish()
    {
        if (_changed)
            _table = new CertificateTable(_byName.ToDictionary(entry => entry.Key, entry => entry.Value.First().Value, StringComparer.Ordinal));
        _changed = false;
        return _table;
    }
}
