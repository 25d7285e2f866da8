using Headgate.Proxy.Plugins.ProxyCache;

namespace Headgate.Proxy.Plugins;

/// <summary>The plugins that come with the gateway: one line each.</summary>
public static class PluginKinds
{
    /// <summary>All of them, with the zones that answers are kept in by default.</summary>
    public static IReadOnlyList<PluginKind> All { get; } = With(CacheZoneOptions.Default);

    /// <summary>All of them. <paramref name="zones"/>: where <c>proxy-cache</c> may keep answers.</summary>
    public static IReadOnlyList<PluginKind> With(IReadOnlyList<CacheZoneOptions> zones) =>
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
        new ProxyCache.ProxyCacheKind(zones),
        new ProxyMirror.ProxyMirrorKind(),
        new ProxyRewrite.ProxyRewriteKind(),
        new RealIp.RealIpKind(),
        new Redirect.RedirectKind(),
        new RefererRestriction.RefererRestrictionKind(),
        new RequestId.RequestIdKind(),
        new RequestValidation.RequestValidationKind(),
        new ResponseRewrite.ResponseRewriteKind(),
        new Syslog.SyslogKind(),
        new TrafficLabel.TrafficLabelKind(),
        new TrafficSplit.TrafficSplitKind(),
        new UaRestriction.UaRestrictionKind(),
        new UriBlocker.UriBlockerKind(),
    ];
}
