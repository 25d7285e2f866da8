using System.Text;
using Headgate.Core.Snapshot;

namespace Headgate.Proxy.Tls;

/// <summary>Chooses what a client is shown by the server name it asks for. Thread-safe.</summary>
/// <param name="snapshots">Where the certificates are found.</param>
/// <param name="others">Shown for names that have none; null = such a handshake is refused.</param>
/// <param name="fallbackName">Looked up for clients that ask for no name; null = they get <paramref name="others"/>.</param>
internal sealed class TlsChoice(SnapshotHolder snapshots, TlsCertificate? others, string? fallbackName)
{
    private readonly byte[] _fallbackName = Encoding.ASCII.GetBytes(fallbackName?.TrimEnd('.').ToLowerInvariant() ?? "");

    /// <summary>A fatal alert, <c>unrecognized_name</c> (RFC 6066 §3), in a record as it is sent before any version is agreed on.</summary>
    public static ReadOnlyMemory<byte> UnrecognizedName { get; } = new byte[] { 21, 3, 3, 0, 2, 2, 112 };

    /// <summary>What a client that asks for <paramref name="serverName"/> (empty = for none) is shown; null when there is nothing for it.</summary>
    public ClientTls? Choose(ReadOnlySpan<byte> serverName)
    {
        byte[] name = serverName.IsEmpty ? _fallbackName : Normalize(serverName);
        var certificate = (TlsCertificate?)snapshots.Current.Certificates.Find(name) ?? others;
        return certificate is null ? null : new ClientTls(certificate, name);
    }

    private static byte[] Normalize(ReadOnlySpan<byte> serverName)
    {
        byte[] name = (serverName[^1] == '.' ? serverName[..^1] : serverName).ToArray();
        _ = Ascii.ToLowerInPlace(name, out _); // up to what is not ASCII, which no certificate is found for
        return name;
    }
}
