namespace Headgate.Proxy.Plugins;

/// <summary>The plugins that come with the gateway: one line each.</summary>
public static class PluginKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PluginKind> All { get; } =
    [
        new BasicAuth.BasicAuthKind(),
        new ConsumerRestriction.ConsumerRestrictionKind(),
        new Cors.CorsKind(),
        new HmacAuth.HmacAuthKind(),
        new IpRestriction.IpRestrictionKind(),
        new JwtAuth.JwtAuthKind(),
        new KeyAuth.KeyAuthKind(),
        new LimitConn.LimitConnKind(),
        new LimitReq.LimitReqKind(),
        new ProxyRewrite.ProxyRewriteKind(),
        new Redirect.RedirectKind(),
        new RequestId.RequestIdKind(),
        new TrafficSplit.TrafficSplitKind(),
        new UaRestriction.UaRestrictionKind(),
        new UriBlocker.UriBlockerKind(),
    ];
}
