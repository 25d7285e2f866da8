namespace Headgate.Core.Config.Reading;

/// <summary>Reads an upstream's <c>outlier_detection</c>. A detection is on when the member that switches it is there; its other members are refused without.</summary>
internal static class OutlierDetectionReader
{
    private const double IntervalMin = 0.1;
    private const double HourSeconds = 3600;

    /// <summary>Null when there is none.</summary>
    public static OutlierDetectionConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("outlier_detection") is not { } reader)
            return null;

        var config = new OutlierDetectionConfig();
        TimeSpan baseTime = reader.Duration("base_ejection_time", aboveZero: true) ?? config.BaseEjectionTime;
        config = config with
        {
            Interval = reader.Number("interval", IntervalMin, HourSeconds) is { } seconds ? Seconds.ToTimeSpan(seconds) : config.Interval,
            Consecutive5xx = reader.Integer("consecutive_5xx", 1),
            ConsecutiveGatewayFailure = reader.Integer("consecutive_gateway_failure", 1),
            FailurePercentage = ReadFailurePercentage(reader),
            SuccessRate = ReadSuccessRate(reader),
            Latency = ReadLatency(reader),
            BaseEjectionTime = baseTime,
            MaxEjectionTime = reader.Duration("max_ejection_time", aboveZero: true) ?? (baseTime > config.MaxEjectionTime ? baseTime : config.MaxEjectionTime),
            MaxEjectionPercent = reader.Integer("max_ejection_percent", 1, 100) ?? config.MaxEjectionPercent,
            MinRemainingHosts = reader.Integer("min_remaining_hosts", 1) ?? config.MinRemainingHosts,
            ReturnPercent = reader.Integer("return_percent", 1, 100) ?? config.ReturnPercent,
        };
        reader.ForbidOthers();
        CheckMembers(reader, config);
        return config;
    }

    private static FailurePercentageConfig? ReadFailurePercentage(ObjectReader reader)
    {
        int? threshold = reader.Integer("failure_percentage_threshold", 1, 100);
        int hosts = reader.Integer("failure_percentage_minimum_hosts", 1) ?? 2;
        int volume = reader.Integer("failure_percentage_request_volume", 1) ?? 50;
        Needs(reader, "failure_percentage_threshold", "failure_percentage_minimum_hosts", "failure_percentage_request_volume");
        return threshold is { } percent ? new FailurePercentageConfig(percent, hosts, volume) : null;
    }

    private static SuccessRateConfig? ReadSuccessRate(ObjectReader reader)
    {
        int? factor = reader.Integer("success_rate_stdev_factor", 500, 10_000);
        int hosts = reader.Integer("success_rate_minimum_hosts", 2) ?? 5;
        int volume = reader.Integer("success_rate_request_volume", 1) ?? 100;
        Needs(reader, "success_rate_stdev_factor", "success_rate_minimum_hosts", "success_rate_request_volume");
        return factor is { } thousandths ? new SuccessRateConfig(thousandths, hosts, volume) : null;
    }

    private static LatencyOutlierConfig? ReadLatency(ObjectReader reader)
    {
        double? factor = reader.Number("latency_factor", 1.5, 100);
        int hosts = reader.Integer("latency_minimum_hosts", 3) ?? 3;
        int volume = reader.Integer("latency_request_volume", 5) ?? 50;
        int windows = reader.Integer("latency_windows", 1, 100) ?? 2;
        TimeSpan difference = reader.Number("latency_min_difference", 0, HourSeconds) is { } seconds ? Seconds.ToTimeSpan(seconds) : TimeSpan.FromMilliseconds(1);
        Needs(reader, "latency_factor", "latency_minimum_hosts", "latency_request_volume", "latency_windows", "latency_min_difference");
        return factor is { } times ? new LatencyOutlierConfig(times, hosts, volume, windows, difference) : null;
    }

    private static void Needs(ObjectReader reader, string needed, params ReadOnlySpan<string> names)
    {
        if (reader.Has(needed))
            return;
        foreach (string name in names)
        {
            Location at = reader.At.Property(name);
            if (reader.Has(name))
                reader.Findings.Add(Phase.Own, at, $"{at.Path} has no effect without {needed}");
        }
    }

    private static void CheckMembers(ObjectReader reader, OutlierDetectionConfig config)
    {
        bool any = reader.Has("consecutive_5xx") || reader.Has("consecutive_gateway_failure") || reader.Has("failure_percentage_threshold")
            || reader.Has("success_rate_stdev_factor") || reader.Has("latency_factor");
        if (!any)
        {
            reader.Findings.Add(Phase.Own, reader.At, $"{reader.At.Path} has no effect: it names no detection; give consecutive_5xx, consecutive_gateway_failure,"
                + " failure_percentage_threshold, success_rate_stdev_factor or latency_factor");
        }

        Location max = reader.At.Property("max_ejection_time");
        if (config.MaxEjectionTime < config.BaseEjectionTime)
        {
            reader.Findings.Add(Phase.Own, max, $"{max.Path} {LuaText.Number(config.MaxEjectionTime.TotalSeconds)} is less than base_ejection_time"
                + $" {LuaText.Number(config.BaseEjectionTime.TotalSeconds)}; at least that");
        }
    }
}
