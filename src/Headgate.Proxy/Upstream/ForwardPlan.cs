using System.Globalization;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Http1;

namespace Headgate.Proxy.Upstream;

/// <summary>What the configuration says about one try; a value that lives for the try.</summary>
public readonly struct ForwardPlan
{
    /// <summary>The upstream the request goes to.</summary>
    public required UpstreamSnapshot Upstream { get; init; }

    /// <summary>The picked node.</summary>
    public required NodeSnapshot Node { get; init; }

    /// <summary>The route's timeouts, else the upstream's.</summary>
    public required TimeoutConfig Timeouts { get; init; }

    /// <summary>The request is a WebSocket upgrade and the route lets it pass.</summary>
    public required bool Upgrades { get; init; }

    /// <summary>The body is remembered, because the request may be repeated.</summary>
    public required bool KeepsBody { get; init; }

    /// <summary>The Host the node is to see. A client of HTTP/1.0 may have sent none: the node's own then.</summary>
    public ReadOnlySpan<byte> HostHeader(RequestHead request) => Upstream.Config.PassHost switch
    {
        PassHost.Node => Node.HostHeader,
        PassHost.Rewrite => Upstream.RewriteHost,
        _ => request.Authority.IsEmpty ? NodeHost() : request.Authority,
    };

    private byte[] NodeHost() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Node.Config.Host}:{Node.Config.Port}"));
}
