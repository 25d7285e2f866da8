using Headgate.Proxy.Http1;

namespace Headgate.Proxy;

/// <summary>Limits of the data plane towards clients; every one has a default (docs/reference/configuration.md lists them).</summary>
public sealed record ProxyLimits
{
    /// <summary>The documented defaults.</summary>
    public static ProxyLimits Default { get; } = new();

    /// <summary>Limits of request heads and of the heads of nodes' answers.</summary>
    public HeadLimits Heads { get; init; } = HeadLimits.Default;

    /// <summary>Largest request body in bytes, 413 above; 0 = no limit (the default, as APISIX's client_max_body_size).</summary>
    public long BodyBytesMax { get; init; }

    /// <summary>How long a connection may stay idle between requests; default 75 s, as nginx's keepalive_timeout.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>How long a client may take to send a head; default 60 s, as nginx's client_header_timeout.</summary>
    public TimeSpan HeadTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest pause between two pieces of a request's body; default 60 s, as nginx's client_body_timeout.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest time in which a client takes no byte of an answer; default 60 s, as nginx's send_timeout.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Client connections at the same time; further ones are refused (docs/reference/transports.md says how); default 10,000.</summary>
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>How long a connection that is to be closed is still read from, so that the client sees the answer before a reset; default 2 s.</summary>
    public TimeSpan LingerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How much of an unneeded request body is read and dropped before the connection is closed instead; default 256 KiB.</summary>
    public int DroppedBytesMax { get; init; } = 262_144;
}
