namespace Headgate.Core.Config.Reading;

/// <summary>Reads <c>circuit_breaker</c>; null when there is none.</summary>
internal static class CircuitBreakerReader
{
    public static CircuitBreakerConfig? Read(ObjectReader upstream)
    {
        if (upstream.Object("circuit_breaker") is not { } reader)
            return null;
        var config = new CircuitBreakerConfig();
        config = new CircuitBreakerConfig
        {
            FailurePercentage = reader.Integer("failure_percentage", 1, 100) ?? config.FailurePercentage,
            RequestVolume = reader.Integer("request_volume", 1) ?? config.RequestVolume,
            Window = reader.Duration("window", aboveZero: true) ?? config.Window,
            OpenTime = reader.Duration("open_time", aboveZero: true) ?? config.OpenTime,
            HalfOpenRequests = reader.Integer("half_open_requests", 1) ?? config.HalfOpenRequests,
        };
        reader.ForbidOthers();
        return config;
    }
}
