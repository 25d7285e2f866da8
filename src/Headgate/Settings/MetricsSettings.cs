using System.Net;
using Headgate.Proxy.Telemetry.Metrics;

namespace Headgate.Settings;

/// <summary>The metrics page for Prometheus.</summary>
internal sealed record MetricsSettings
{
    /// <summary>Whether it is served.</summary>
    public bool Enable { get; init; } = true;

    /// <summary>Where it is served.</summary>
    public ListenSettings Listen { get; init; } = new(IPAddress.Loopback, 9091);

    /// <summary>Path of the page.</summary>
    public string Uri { get; init; } = "/apisix/prometheus/metrics";

    /// <summary>What the names of APISIX's metrics begin with.</summary>
    public string Prefix { get; init; } = "apisix_";

    /// <summary>How requests are counted.</summary>
    public TrafficMetricsOptions Counting { get; init; } = new();
}
