using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>How nodes are probed. Defaults as APISIX.</summary>
public sealed record ActiveCheckConfig
{
    /// <summary>Statuses that count as success unless written: 200, 302.</summary>
    public static StatusSet DefaultHealthyStatuses { get; } = new(200, 302);

    /// <summary>Statuses that count as failure unless written: 429, 404, 500-505.</summary>
    public static StatusSet DefaultUnhealthyStatuses { get; } = new(429, 404, 500, 501, 502, 503, 504, 505);

    /// <summary>What a probe is; default http.</summary>
    public HealthCheckType Type { get; init; } = HealthCheckType.Http;

    /// <summary>Patience with the connection, TLS included, and again with the answer; above zero, default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Probes of one upstream under way at once, ≥ 1; default 10.</summary>
    public int Concurrency { get; init; } = 10;

    /// <summary>Host sent to the nodes, and the name their certificate is checked for; null = the upstream's, else the node's.</summary>
    public string? Host { get; init; }

    /// <summary>Port probed on every node, 1..65535; null = the node's own.</summary>
    public int? Port { get; init; }

    /// <summary>Method; default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Request target; default <c>/</c>.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Body; empty = none.</summary>
    public string Body { get; init; } = "";

    /// <summary>Header lines, <c>Name: value</c>, sent as they are.</summary>
    public EquatableArray<string> Headers { get; init; } = [];

    /// <summary>Service that <see cref="HealthCheckType.Grpc"/> asks for, Envoy's <c>service_name</c>; empty = the node as a whole, the default.</summary>
    public string GrpcServiceName { get; init; } = "";

    /// <summary>Whether the certificate is checked with <see cref="HealthCheckType.Https"/>, and with gRPC behind TLS; default true.</summary>
    public bool VerifyCertificate { get; init; } = true;

    /// <summary>Whether a probe goes over the connection of the last one where that is still open; not with tcp. Envoy's <c>reuse_connection</c>; default false.</summary>
    public bool ReusesConnection { get; init; }

    /// <summary>Whether a node that enters the upstream gets no requests before a probe of it succeeds. nginx's <c>mandatory</c>; default false.</summary>
    public bool IsMandatory { get; init; }

    /// <summary>From one probe of a healthy node to the next, whole seconds ≥ 1; default 1 s.</summary>
    public TimeSpan HealthyInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>From one probe of an unhealthy node to the next, whole seconds ≥ 1; default 1 s.</summary>
    public TimeSpan UnhealthyInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Statuses that count as success.</summary>
    public StatusSet HealthyStatuses { get; init; } = DefaultHealthyStatuses;

    /// <summary>Statuses that count as failure, unless they are in <see cref="HealthyStatuses"/>.</summary>
    public StatusSet UnhealthyStatuses { get; init; } = DefaultUnhealthyStatuses;

    /// <summary>Default 2 successes, 5 bad statuses, 2 failed connections, 3 timeouts.</summary>
    public HealthThresholds Thresholds { get; init; } = new(2, 5, 2, 3);
}
