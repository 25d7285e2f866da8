using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Core.Snapshot.Explain;
using Headgate.Proxy.Http1;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Explain;

/// <summary>
/// Says what <see cref="RequestPipeline"/> would do with a request that nobody has sent: the same head parser, the same match, the same pickers; only what the gateway
/// refuses by itself is said here again.
/// </summary>
/// <param name="snapshots">Where the configuration is found.</param>
/// <param name="limits">Limits towards clients.</param>
internal sealed class RequestExplainer(SnapshotHolder snapshots, ProxyLimits limits) : IRequestExplainer
{
    /// <inheritdoc/>
    public RequestExplanation Explain(InventedRequest request)
    {
        GatewaySnapshot snapshot = snapshots.Current;
        var view = new InventedView(request);
        HeadResult head = view.Parse(limits.Heads);
        if (head.Status == HeadStatus.Bad)
            return new RequestExplanation { Revision = snapshot.Revision, Status = head.ErrorStatus, Refusal = head.Reason };

        RequestExplanation explanation = snapshot.Explain(view, NodeLatency.NowMs, request.Upstream);
        if (explanation.Status == 404)
            return explanation;
        if (view.Head.MethodKind == HttpMethod.Trace)
            return explanation with { Status = 405, Refusal = "TRACE would show a client what the gateway adds for nodes", Upstream = null };
        if (limits.BodyBytesMax > 0 && view.Head.ContentLength > limits.BodyBytesMax)
            return explanation with { Status = 413, Refusal = $"the body is larger than headgate.limits.body_bytes_max, {limits.BodyBytesMax}", Upstream = null };
        if (explanation.Upstream is { Upstream.Config.Scheme: not (UpstreamScheme.Http or UpstreamScheme.Https) and var scheme })
            return explanation with { Status = 503, Refusal = $"the upstream's scheme {scheme} is not served yet", Upstream = null };
        if (explanation.Upstream is { Upstream.Profile.Tls: { LacksClientCert: true } lacking })
            return explanation with { Status = 502, Refusal = $"the certificate \"{lacking.ClientCertId}\" that tls.client_cert_id names does not exist, or is not for nodes", Upstream = null };
        return explanation.Upstream is { } explained ? WithLimits(explanation, explained) : explanation;
    }

    /// <summary>In the order in which the request's path asks them.</summary>
    private static RequestExplanation WithLimits(RequestExplanation explanation, UpstreamExplanation explained)
    {
        UpstreamLimits limits = UpstreamLimits.Of(explained.Upstream, explained.HasNoPermit, RequestPipeline.NowNs, RetryMonitor.NowMs);
        explanation = explanation with { Upstream = explained with { Limits = limits } };
        return limits.Refusal(explained.Upstream) is var (status, why) && explanation.Status is null ? explanation with { Status = status, Refusal = why } : explanation;
    }
}
