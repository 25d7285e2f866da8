using System.Globalization;

namespace Headgate.Core.Config.Reading;

/// <summary>
/// What <c>outlier_detection</c> asks of the number of nodes: what can eject none of so many is warned about, not refused, because nodes come and go by themselves (a script
/// that scales down must not fail over it). Unknown numbers (a registry's nodes, none yet) pass.
/// </summary>
internal static class OutlierDetectionRules
{
    public static void Check(ObjectReader upstream, UpstreamConfig config)
    {
        int nodes = config.Nodes.Count;
        if (config.OutlierDetection is not { } detection || nodes == 0)
            return;

        Location at = upstream.At.Property("outlier_detection");
        if (nodes == 1)
        {
            upstream.Findings.Warn(at, $"{at.Path} has no effect with one node, which is always used; it needs two or more");
            return;
        }

        CheckLimits(upstream, at, detection, nodes);
        if (detection.FailurePercentage is { } failures)
            CheckHosts(upstream, at, "failure_percentage", failures.MinimumHosts, nodes, 1);
        if (detection.SuccessRate is { } success)
        {
            CheckHosts(upstream, at, "success_rate", success.MinimumHosts, nodes, 2);
            CheckDeviation(upstream, at, success, nodes);
        }

        if (detection.Latency is { } latency)
            CheckHosts(upstream, at, "latency", latency.MinimumHosts, nodes, 3);
    }

    private static void CheckLimits(ObjectReader upstream, Location at, OutlierDetectionConfig detection, int nodes)
    {
        if (detection.MaxEjectionPercent * (long)nodes < 100)
        {
            Warn(upstream, at.Property("max_ejection_percent"), detection.MaxEjectionPercent,
                $"of {nodes} nodes is less than one, so that none can be ejected; at least {(100 + nodes - 1) / nodes}");
        }

        if (detection.MinRemainingHosts >= nodes)
            Warn(upstream, at.Property("min_remaining_hosts"), detection.MinRemainingHosts, $"of {nodes} nodes, so that none can be ejected; at most {nodes - 1}");
    }

    private static void CheckHosts(ObjectReader upstream, Location at, string detection, int hosts, int nodes, int hostsMin)
    {
        if (hosts <= nodes)
            return;
        string allowed = nodes >= hostsMin ? $"at most {nodes}" : $"the detection needs {hostsMin} nodes";
        Warn(upstream, at.Property(detection + "_minimum_hosts"), hosts, $"is more than the {nodes} nodes there are, so that none can be ejected; {allowed}");
    }

    /// <summary>Of n numbers none is further than √(n − 1) deviations from their mean.</summary>
    private static void CheckDeviation(ObjectReader upstream, Location at, SuccessRateConfig success, int nodes)
    {
        int most = (int)(1000 * Math.Sqrt(nodes - 1)) - 1;
        if (success.StdevFactor > most)
            Warn(upstream, at.Property("success_rate_stdev_factor"), success.StdevFactor, $"is never reached with {nodes} nodes, so that none can be ejected; at most {most}");
    }

    private static void Warn(ObjectReader upstream, Location at, int given, FormattableString problem) =>
        upstream.Findings.Warn(at, $"{at.Path} {given.ToString(CultureInfo.InvariantCulture)} {problem.ToString(CultureInfo.InvariantCulture)}");
}
