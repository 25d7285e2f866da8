using Headgate.Store.LastGood;

namespace Headgate.Metrics;

/// <summary>Whether what is served comes from the source of the configuration, or is the last good one.</summary>
internal sealed class ConfigurationMetrics(LastGoodSource source, TimeProvider time) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        LastGoodContent? served = source.Served;
        writer.Gauge("headgate_configuration_from_snapshot", "1 = the source of the configuration could not be read since the start, and the last good one is served; 0 = the source's is.");
        writer.Sample(served is null ? 0 : 1);
        writer.Gauge("headgate_configuration_snapshot_age_seconds", "Time since the configuration that is served in the place of the source's was read from there, in seconds; 0 while the source's is.");
        writer.Sample(served is null ? 0 : Math.Max(0, (time.GetUtcNow() - served.Written).TotalSeconds));
    }
}
