namespace Headgate.Core.Snapshot;

/// <summary>
/// Which certificate is shown to clients that ask for a server name: that of the name, else of its wildcard (<c>*.a.test</c> for one label before <c>.a.test</c>), else of <c>*</c>.
/// Immutable.
/// </summary>
public sealed class CertificateTable
{
    /// <summary>Longest server name that is looked up (RFC 1035 §2.3.4), and a dot behind it.</summary>
    private const int NameBytesMax = 256;

    private readonly Dictionary<string, ServedCertificate>.AlternateLookup<ReadOnlySpan<char>> _byName;
    private readonly ServedCertificate? _any;

    /// <summary>A table of <paramref name="byName"/>, which nobody changes afterwards; names are lower-case.</summary>
    internal CertificateTable(Dictionary<string, ServedCertificate> byName)
    {
        _byName = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        _any = byName.GetValueOrDefault("*");
        AsksClients = byName.Values.Any(certificate => certificate.AsksClients);
    }

    /// <summary>Without certificates.</summary>
    public static CertificateTable Empty { get; } = new(new Dictionary<string, ServedCertificate>(StringComparer.Ordinal));

    /// <summary>Whether one of them asks clients for a certificate.</summary>
    public bool AsksClients { get; }

    /// <summary>
    /// The certificate for a name as a client wrote it, in either case and with or without a dot at its end; null when there is none. Never blocks, never allocates.
    /// </summary>
    public ServedCertificate? Find(ReadOnlySpan<byte> serverName)
    {
        if (serverName.IsEmpty || serverName.Length > NameBytesMax)
            return null;
        Span<char> buffer = stackalloc char[NameBytesMax];
        Span<char> name = buffer[..serverName.Length];
        for (int i = 0; i < name.Length; i++)
            name[i] = (char)(serverName[i] is >= (byte)'A' and <= (byte)'Z' ? serverName[i] | 0x20 : serverName[i]);
        if (name[^1] == '.')
            name = name[..^1];
        if (_byName.TryGetValue(name, out ServedCertificate? exact))
            return exact;
        int dot = name.IndexOf('.');
        if (dot <= 0)
            return _any;
        name[dot - 1] = '*';
        return _byName.TryGetValue(name[(dot - 1)..], out ServedCertificate? wildcard) ? wildcard : _any;
    }
}
