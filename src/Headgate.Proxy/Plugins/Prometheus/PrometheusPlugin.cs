using Headgate.Proxy.Telemetry.Metrics;

namespace Headgate.Proxy.Plugins.Prometheus;

/// <summary>Counts requests. What is counted is the process's, not the instance's: an edit of the configuration begins nothing anew.</summary>
internal sealed class PrometheusPlugin(PrometheusConfig config, TrafficMetrics metrics) : Plugin
{
    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.End;

    /// <inheritdoc/>
    internal override bool Traces => true;

    /// <inheritdoc/>
    public override void OnEnd(PluginContext context)
    {
        if (context.Trace.IsCounted)
            return;
        context.Trace.IsCounted = true;
        metrics.Count(context.Exchange, context.Trace, config.PrefersNames);
    }
}
