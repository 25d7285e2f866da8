using Headgate.Core.Primitives;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>A request that nobody has sent: what would be done with it is to be explained.</summary>
public sealed record InventedRequest
{
    /// <summary>Method, such as <c>GET</c>.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Request target as a client sends it: path and query, percent-encoded.</summary>
    public required string Target { get; init; }

    /// <summary>Host, with a port unless it is the standard one.</summary>
    public required string Host { get; init; }

    /// <summary><c>http</c> or <c>https</c>: how the client would reach the gateway.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Key of the upstream's owner (<c>upstreams/1</c>) that a plugin is to have chosen, where it may choose among several; null = that is left open.</summary>
    public string? Upstream { get; init; }

    /// <summary>Header fields besides Host, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The client's address, as in <see cref="IRequestView.ClientAddress"/>; 127.0.0.1 unless set.</summary>
    public UInt128 ClientAddress { get; init; } = ((UInt128)0xffff << 32) | 0x7f00_0001;
}
