using Headgate.Core.Primitives;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot.Explain;

namespace Headgate.Core.Snapshot;

/// <summary>
/// Everything a request needs of the configuration, at one revision. Immutable: a change makes a new one that shares all it did not touch,
/// and one reference is swapped. A request reads the reference once.
/// </summary>
public sealed class GatewaySnapshot
{
    private readonly UpstreamTable _upstreams;

    internal GatewaySnapshot(
        long revision, RouteTable routes, UpstreamTable upstreams, ConsumerTable? consumers = null, GlobalRules? globalRules = null, CertificateTable? certificates = null)
    {
        Certificates = certificates ?? CertificateTable.Empty;
        Revision = revision;
        Routes = routes;
        Consumers = consumers ?? ConsumerTable.Empty;
        GlobalRules = globalRules ?? GlobalRules.None;
        _upstreams = upstreams;
    }

    /// <summary>What is served until the first configuration was read: nothing.</summary>
    public static GatewaySnapshot Empty { get; } = new(0, RouteTable.Empty, UpstreamTable.Empty);

    /// <summary>The store's revision this corresponds to; 0 = nothing read yet.</summary>
    public long Revision { get; }

    /// <summary>The certificates that clients are shown, by server name.</summary>
    public CertificateTable Certificates { get; }

    /// <summary>Who may call.</summary>
    public ConsumerTable Consumers { get; }

    /// <summary>What runs for every request.</summary>
    public GlobalRules GlobalRules { get; }

    /// <summary>The routes.</summary>
    internal RouteTable Routes { get; }

    /// <summary>The upstreams by slot.</summary>
    internal UpstreamTable Upstreams => _upstreams;

    /// <summary>The route for a request; null when none matches. Never blocks, never allocates.</summary>
    public RouteSnapshot? Match(IRequestView request) => Routes.Match(request);

    /// <summary>
    /// What would be done with a request, as far as the configuration and the nodes decide it. Changes nothing. Off the request path: it may build what a change of the
    /// upstream builds. <paramref name="nowMs"/>: the clock of the nodes' latencies. <paramref name="wanted"/>: as <see cref="InventedRequest.Upstream"/>.
    /// </summary>
    public RequestExplanation Explain(IRequestView request, long nowMs, string? wanted = null)
    {
        RouteSnapshot? route = Match(request);
        return route is { PluginUpstreamSlots.Count: > 0, Target: not (RouteTarget.MissingService or RouteTarget.MissingPlugin) }
            ? new UpstreamChooser(this, route).Explain(request, wanted, nowMs)
            : Explain(route, UpstreamOf(route), request, nowMs);
    }

    /// <summary>The same from where the route (null = none matches) and its upstream (null = it leads to none) are known.</summary>
    internal RequestExplanation Explain(RouteSnapshot? route, UpstreamSnapshot? upstream, IRequestView request, long nowMs)
    {
        if (route is null || upstream is null)
        {
            (int status, string refusal) = WhyNoUpstream(route);
            return new RequestExplanation { Revision = Revision, Route = route, Status = status, Refusal = refusal };
        }

        UpstreamExplanation explained = UpstreamRehearsal.Explain(upstream, request, nowMs);
        bool hasNode = explained.Picks.Count > 0 || explained.HasNoPermit; // who knows the limits says what becomes of it
        return new RequestExplanation
        {
            Revision = Revision,
            Route = route,
            Upstream = explained,
            Status = hasNode ? null : 503,
            Refusal = hasNode ? null : "no node of the upstream may be used",
        };
    }

    /// <summary>The upstream of a route; null when it has none, or no route matches.</summary>
    public UpstreamSnapshot? UpstreamOf(RouteSnapshot? route) => route is { Target: RouteTarget.Upstream } ? Upstream(route.UpstreamSlot) : null;

    /// <summary>What is answered to a request whose route (null = none matches) leads to no upstream, and why.</summary>
    public static (int Status, string Why) WhyNoUpstream(RouteSnapshot? route) => route?.Target switch
    {
        null => (404, "no route matches"),
        RouteTarget.MissingService => (404, $"the route's service \"{route.Config.ServiceId}\" does not exist"),
        RouteTarget.NoUpstream => (503, "the route has no upstream"),
        RouteTarget.MissingPlugin => (503, "the route names a plugin that this gateway does not have"),
        _ => (502, "the route's upstream does not exist"),
    };

    /// <summary>The upstream at a slot; null when the slot is empty. Never blocks, never allocates.</summary>
    public UpstreamSnapshot? Upstream(int slot) => _upstreams[slot];
}
