namespace Headgate.Proxy.Plugins;

/// <summary>The plugins that come with the gateway: one line each.</summary>
public static class PluginKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PluginKind> All { get; } =
    [
        new ApiBreaker.ApiBreakerKind(),
        new BasicAuth.BasicAuthKind(),
        new Brotli.BrotliKind(),
        new ClientControl.ClientControlKind(),
        new ConsumerRestriction.ConsumerRestrictionKind(),
        new Cors.CorsKind(),
        new Csrf.CsrfKind(),
        new Echo.EchoKind(),
        new FaultInjection.FaultInjectionKind(),
        new FileLogger.FileLoggerKind(),
        new ForwardAuth.ForwardAuthKind(),
        new Gzip.GzipKind(),
        new HmacAuth.HmacAuthKind(),
        new HttpLogger.HttpLoggerKind(),
        new IpRestriction.IpRestrictionKind(),
        new JwtAuth.JwtAuthKind(),
        new KeyAuth.KeyAuthKind(),
        new LimitConn.LimitConnKind(),
        new LimitCount.LimitCountKind(),
        new LimitReq.LimitReqKind(),
        new Mocking.MockingKind(),
        new MultiAuth.MultiAuthKind(),
        new OpenIdConnect.OpenIdConnectKind(),
        new OpenTelemetry.OpenTelemetryKind(),
        new Prometheus.PrometheusKind(),
        new ProxyRewrite.ProxyRewriteKind(),
        new RealIp.RealIpKind(),
        new Redirect.RedirectKind(),
        new RefererRestriction.RefererRestrictionKind(),
        new RequestId.RequestIdKind(),
        new ResponseRewrite.ResponseRewriteKind(),
        new Syslog.SyslogKind(),
        new TrafficLabel.TrafficLabelKind(),
        new TrafficSplit.TrafficSplitKind(),
        new UaRestriction.UaRestrictionKind(),
        new UriBlocker.UriBlockerKind(),
    ];
}
