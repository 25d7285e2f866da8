using System.Globalization;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Probes;

/// <summary>What an upstream's configuration says about its probes. Equal plans probe alike, so an edit that keeps the plan disturbs no probe. Immutable.</summary>
/// <param name="Checks">The check.</param>
/// <param name="Host">Host sent, and name the certificate is checked for; null = the node's own.</param>
/// <param name="Tls">Client certificate and trust anchors, with verification as the check wants it; null in clear text.</param>
internal sealed record ProbePlan(ActiveCheckConfig Checks, string? Host, UpstreamTlsConfig? Tls)
{
    /// <summary>How connections are opened; the same instance for all probes.</summary>
    public ConnectionProfile Profile { get; } = new(Tls is not null, Host, Tls, KeepalivePoolConfig.Default);

    /// <summary>The plan for an upstream; null when its nodes are not probed.</summary>
    public static ProbePlan? For(UpstreamConfig upstream)
    {
        if (upstream.Checks?.Active is not { } checks)
            return null;
        bool secure = checks.Type == HealthCheckType.Https
            || (checks.Type == HealthCheckType.Grpc && upstream.Scheme is UpstreamScheme.Https or UpstreamScheme.Grpcs);
        UpstreamTlsConfig? tls = !secure ? null
            : (upstream.Tls ?? new UpstreamTlsConfig(null, null, false, [])) with { Verify = checks.VerifyCertificate };
        return new ProbePlan(checks, checks.Host ?? upstream.UpstreamHost, tls);
    }

    /// <summary>The bytes of one node's probe: a request, the message of a gRPC call, nothing with tcp. A connection that is closed afterwards says so.</summary>
    public byte[] RequestFor(NodeState node) => Checks.Type switch
    {
        HealthCheckType.Tcp => [],
        HealthCheckType.Grpc => GrpcHealthMessages.Request(Checks.GrpcServiceName),
        _ => HttpRequestFor(node),
    };

    private byte[] HttpRequestFor(NodeState node)
    {
        var text = new StringBuilder();
        text.Append(Checks.Method).Append(' ').Append(Checks.Path).Append(" HTTP/1.1\r\n");
        foreach (string line in Checks.Headers)
            text.Append(line).Append("\r\n");
        if (!Has("Host:"))
            text.Append("Host: ").Append(Host ?? node.Key.Host).Append("\r\n");
        if (!Checks.ReusesConnection && !Has("Connection:"))
            text.Append("Connection: close\r\n");
        byte[] body = Encoding.UTF8.GetBytes(Checks.Body);
        if (body.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        return [.. Encoding.UTF8.GetBytes(text.Append("\r\n").ToString()), .. body];
    }

    private bool Has(string name)
    {
        foreach (string line in Checks.Headers)
        {
            if (line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
