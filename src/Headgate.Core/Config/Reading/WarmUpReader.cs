namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>warm_up_conf</c> by APISIX 3.19's rules.</summary>
internal static class WarmUpReader
{
    private const double AggressionMin = 0.01;

    /// <summary>Null when there is none, or none that can be used.</summary>
    public static WarmUpConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("warm_up_conf") is not { } reader)
            return null;

        reader.Require("slow_start_time_seconds");
        reader.Require("min_weight_percent");
        int? window = reader.Integer("slow_start_time_seconds", 1, Seconds.Max);
        int? least = reader.Integer("min_weight_percent", 1, 100);
        int interval = reader.Integer("interval", 1, Seconds.Max) ?? 1;
        double aggression = ReadAggression(reader);
        int grace = reader.Integer("startup_grace_period_seconds", 0, Seconds.Max) ?? 0;
        reader.ForbidOthers();
        return window is { } w && least is { } l
            ? new WarmUpConfig(TimeSpan.FromSeconds(w), l, TimeSpan.FromSeconds(interval), aggression, TimeSpan.FromSeconds(grace))
            : null;
    }

    private static double ReadAggression(ObjectReader reader)
    {
        if (reader.Number("aggression") is not { } aggression)
            return 1;
        if (aggression >= AggressionMin)
            return aggression;
        reader.Findings.Schema(reader.At.Property("aggression"), $"expected {LuaText.Number(aggression)} to be at least {LuaText.Number(AggressionMin)}");
        return 1;
    }
}
