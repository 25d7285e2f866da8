using System.Net;

namespace Headgate.Proxy.Explain;

/// <summary>Who may ask by a header what is done with a request. Holds hashes of keys, no keys.</summary>
/// <param name="KeyHashes">SHA-256 of each key that is let in, as UTF-8.</param>
/// <param name="Peers">Addresses of clients that are let in; empty = all.</param>
public sealed record ExplainHeaderOptions(IReadOnlyList<byte[]> KeyHashes, IReadOnlyList<IPNetwork> Peers)
{
    /// <summary>Name of the header, of the request and of the answer.</summary>
    public const string HeaderName = "X-Headgate-Explain";
}
