using System.Globalization;
using System.Text;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;

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

    /// <summary>The request may be sent twice: its body is remembered.</summary>
    public required bool Repeats { get; init; }

    /// <summary>
    /// When the try of a request without a body must have the head of its answer, in milliseconds of <see cref="RetryMonitor.NowMs"/>; 0 = there is a body, or no such limit. A body is
    /// sent as fast as the client sends it: its connection and its answer have the whole time each.
    /// </summary>
    public required long EndMs { get; init; }

    /// <summary>Bytes of the body that are remembered.</summary>
    public int BodyKeptMax => Repeats ? Upstream.Config.Retry.BodyBytesMax : 0;

    /// <summary>Time for the connection.</summary>
    public TimeSpan ConnectTimeout => EndMs == 0 ? Upstream.AtMostATry(Timeouts.Connect) : Within(Timeouts.Connect);

    /// <summary>Time for the head of the request to be taken.</summary>
    public TimeSpan SendTimeout => EndMs == 0 ? Timeouts.Send : Within(Timeouts.Send);

    /// <summary>Time for the head of the answer to a request that has been sent and has no body.</summary>
    public TimeSpan AnswerTimeout => EndMs == 0 ? Timeouts.Read : Within(Timeouts.Read);

    /// <summary>The same behind a body that has been sent.</summary>
    public TimeSpan AnswerTimeoutAfterBody => Upstream.AtMostATry(Timeouts.Read);

    /// <summary>The Host the node is to see. A client of HTTP/1.0 may have sent none: the node's own then.</summary>
    public ReadOnlySpan<byte> HostHeader(Exchange exchange) => Upstream.Config.PassHost switch
    {
        PassHost.Node => Node.HostHeader,
        PassHost.Rewrite => Upstream.RewriteHost,
        _ when exchange.Plugins is { Forwarded.Host.IsEmpty: false } plugins => plugins.Forwarded.Host,
        _ => exchange.Request.Authority is { IsEmpty: false } authority ? authority : NodeHost(),
    };

    private TimeSpan Within(TimeSpan timeout)
    {
        var left = TimeSpan.FromMilliseconds(Math.Max(1, EndMs - RetryMonitor.NowMs));
        return left < timeout ? left : timeout;
    }

    private byte[] NodeHost() => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Node.Config.Host}:{Node.Config.Port}"));
}
