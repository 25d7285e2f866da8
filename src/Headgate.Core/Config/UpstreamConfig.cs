using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>
/// An upstream as a user wrote it, typed; what was not written is null, and defaults act at use.
/// Equal records mean equal behaviour. Source: APISIX upstream schema (docs/reference/upstream.md).
/// </summary>
public sealed record UpstreamConfig
{
    /// <summary>Id, or the key of the object that holds this upstream inline (<c>routes/1</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Display name; null when absent.</summary>
    public string? Name { get; init; }

    /// <summary>Fixed nodes in the order written; empty when the nodes come from a service registry.</summary>
    public EquatableArray<NodeConfig> Nodes { get; init; } = [];

    /// <summary>Name of the load balancing policy; default <c>roundrobin</c>.</summary>
    public string Type { get; init; } = "roundrobin";

    /// <summary>What <c>chash</c> hashes: vars, header, cookie, consumer or vars_combinations; default vars.</summary>
    public string HashOn { get; init; } = "vars";

    /// <summary>Name of the hashed variable, header or cookie; null when absent.</summary>
    public string? Key { get; init; }

    /// <summary>Extra tries after the first; null = number of nodes − 1; 0 = none.</summary>
    public int? Retries { get; init; }

    /// <summary>Time from the first try after which no further try starts; null or zero = no limit.</summary>
    public TimeSpan? RetryTimeout { get; init; }

    /// <summary>Timeouts of a try; null = <see cref="TimeoutConfig.Default"/>.</summary>
    public TimeoutConfig? Timeout { get; init; }

    /// <summary>Protocol towards the nodes; default http.</summary>
    public UpstreamScheme Scheme { get; init; } = UpstreamScheme.Http;

    /// <summary>Which Host the nodes see; default the client's.</summary>
    public PassHost PassHost { get; init; } = PassHost.Pass;

    /// <summary>The Host for <see cref="Config.PassHost.Rewrite"/>; null otherwise.</summary>
    public string? UpstreamHost { get; init; }

    /// <summary>Idle connections kept per endpoint.</summary>
    public KeepalivePoolConfig KeepalivePool { get; init; } = KeepalivePoolConfig.Default;

    /// <summary>TLS towards the nodes; null when the object has no <c>tls</c>.</summary>
    public UpstreamTlsConfig? Tls { get; init; }

    /// <summary>Name of a service in a registry; set exactly when <see cref="DiscoveryType"/> is.</summary>
    public string? ServiceName { get; init; }

    /// <summary>Registry that resolves <see cref="ServiceName"/>.</summary>
    public string? DiscoveryType { get; init; }
}

/// <summary>Protocol towards the nodes of an upstream.</summary>
public enum UpstreamScheme
{
    /// <summary>HTTP/1.1 in clear text; standard port 80.</summary>
    Http,

    /// <summary>HTTP/1.1 over TLS; standard port 443.</summary>
    Https,

    /// <summary>gRPC in clear text. Accepted and stored; requests to it are answered 503 until gRPC is served.</summary>
    Grpc,

    /// <summary>gRPC over TLS. As <see cref="Grpc"/>.</summary>
    Grpcs,

    /// <summary>Kafka: accepted as APISIX does, without effect.</summary>
    Kafka,

    /// <summary>TCP stream: accepted and stored; has no effect on HTTP routes.</summary>
    Tcp,

    /// <summary>TLS stream: as <see cref="Tcp"/>.</summary>
    Tls,

    /// <summary>UDP stream: as <see cref="Tcp"/>.</summary>
    Udp,
}

/// <summary>Which Host header the nodes see.</summary>
public enum PassHost
{
    /// <summary>The client's.</summary>
    Pass,

    /// <summary>The picked node's host, with its port unless it is the scheme's standard one.</summary>
    Node,

    /// <summary><see cref="UpstreamConfig.UpstreamHost"/>.</summary>
    Rewrite,
}

/// <summary>One node as written.</summary>
/// <param name="Host">Host name or address as written, lower-cased; an IPv6 address in brackets.</param>
/// <param name="Port">Effective port, 1..65535: as written, else the scheme's standard one.</param>
/// <param name="Weight">0..2,147,483,647; 0 = used only when no node with weight is left.</param>
/// <param name="Priority">Any integer; the highest tier with an untried node is used first. Default 0.</param>
public sealed record NodeConfig(string Host, int Port, int Weight, int Priority = 0);

/// <summary>Timeouts of one try, each &gt; 0.</summary>
/// <param name="Connect">Until the connection stands, TLS handshake included.</param>
/// <param name="Send">Between two successful writes to the node.</param>
/// <param name="Read">Between two successful reads from the node, the wait for the head included.</param>
public sealed record TimeoutConfig(TimeSpan Connect, TimeSpan Send, TimeSpan Read)
{
    /// <summary>60 s each, as nginx and APISIX.</summary>
    public static TimeoutConfig Default { get; } = new(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60));
}

/// <summary>Idle connections kept for reuse.</summary>
/// <param name="Size">Idle connections kept per endpoint, ≥ 1; default 320.</param>
/// <param name="IdleTimeout">How long an unused one is kept, ≥ 0; zero = not kept; default 60 s.</param>
/// <param name="Requests">Requests a connection serves before it is closed, ≥ 1; default 1000.</param>
public sealed record KeepalivePoolConfig(int Size, TimeSpan IdleTimeout, int Requests)
{
    /// <summary>320, 60 s, 1000, as APISIX.</summary>
    public static KeepalivePoolConfig Default { get; } = new(320, TimeSpan.FromSeconds(60), 1000);
}

/// <summary>TLS towards the nodes.</summary>
/// <param name="ClientCert">PEM chain presented to the node; null when none. Set exactly when <paramref name="ClientKey"/> is.</param>
/// <param name="ClientKey">PEM private key of <paramref name="ClientCert"/>. Never logged.</param>
/// <param name="Verify">Whether the node's certificate is checked (chain and name); default false, as APISIX.</param>
/// <param name="CaCerts">PEM trust anchors that replace the system's; empty = the system's.</param>
public sealed record UpstreamTlsConfig(string? ClientCert, string? ClientKey, bool Verify, EquatableArray<string> CaCerts)
{
    /// <summary>Leaves the key out, so that a record that reaches a log carries no secret.</summary>
    public override string ToString() => $"UpstreamTlsConfig {{ ClientCert = {(ClientCert is null ? "none" : "set")}, Verify = {Verify} }}";
}
