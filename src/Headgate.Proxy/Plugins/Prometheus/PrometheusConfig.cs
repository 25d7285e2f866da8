using Headgate.Core.Config.Plugins;

namespace Headgate.Proxy.Plugins.Prometheus;

/// <summary>Configuration of <c>prometheus</c>. Source: APISIX, <c>apisix/plugins/prometheus.lua</c>.</summary>
/// <param name="PrefersNames">Whether routes and services are shown by their names, where they have any, in place of their ids.</param>
public sealed record PrometheusConfig(bool PrefersNames) : PluginConfig;
