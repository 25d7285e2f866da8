using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Metrics;

/// <summary>What became of the lines of the access log; nothing without one.</summary>
internal sealed class AccessLogMetrics(AccessLog? log) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        if (log is null)
            return;
        writer.Counter("headgate_access_log_lines_total", "Lines of the access log, by what became of them.");
        writer.Sample(log.Written, ("outcome", "written"));
        writer.Sample(log.Dropped, ("outcome", "dropped"));
    }
}
