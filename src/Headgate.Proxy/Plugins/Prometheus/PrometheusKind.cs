using Headgate.Core.Config.Reading;

namespace Headgate.Proxy.Plugins.Prometheus;

/// <summary><c>prometheus</c>: counts requests for the metrics page.</summary>
internal sealed class PrometheusKind : PluginKind<PrometheusConfig>
{
    /// <inheritdoc/>
    public override string Name => "prometheus";

    /// <inheritdoc/>
    public override int Priority => 500;

    /// <inheritdoc/>
    public override string Version => "0.2";

    /// <inheritdoc/>
    protected override PrometheusConfig? ReadConfig(ObjectReader reader)
    {
        var config = new PrometheusConfig(reader.Flag("prefer_name") ?? false);
        reader.ForbidOthers();
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(PrometheusConfig config, PluginServices services) => new PrometheusPlugin(config, services.Metrics);
}
