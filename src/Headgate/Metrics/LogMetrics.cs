using Headgate.Proxy.Plugins.Loggers;
using Headgate.Proxy.Telemetry.Logs;

namespace Headgate.Metrics;

/// <summary>What became of the entries that plugins log, and of the lines of the access log, where there is one.</summary>
internal sealed class LogMetrics(AccessLog? log, LogShipping shipping) : IMetricsSource
{
    /// <inheritdoc/>
    public void Write(MetricsWriter writer)
    {
        writer.Counter("headgate_log_entries_total", "Entries of logs of plugins, by what became of them.");
        writer.Sample(shipping.Sent, ("outcome", "sent"));
        writer.Sample(shipping.Dropped, ("outcome", "dropped"));
        if (log is null)
            return;
        writer.Counter("headgate_access_log_lines_total", "Lines of the access log, by what became of them.");
        writer.Sample(log.Written, ("outcome", "written"));
        writer.Sample(log.Dropped, ("outcome", "dropped"));
    }
}
