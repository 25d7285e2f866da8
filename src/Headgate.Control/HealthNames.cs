using Headgate.Core.Config;
using Headgate.Core.Upstreams;

namespace Headgate.Control;

/// <summary>The words in which APISIX shows health.</summary>
internal static class HealthNames
{
    /// <summary>A kind of check.</summary>
    public static string Of(HealthCheckType type) => type switch
    {
        HealthCheckType.Https => "https",
        HealthCheckType.Tcp => "tcp",
        HealthCheckType.Grpc => "grpc",
        _ => "http",
    };

    /// <summary>A health.</summary>
    public static string Of(HealthStatus status) => status switch
    {
        HealthStatus.MostlyHealthy => "mostly_healthy",
        HealthStatus.MostlyUnhealthy => "mostly_unhealthy",
        HealthStatus.Unhealthy => "unhealthy",
        _ => "healthy",
    };

    /// <summary>The first address of a node; its host while it has none.</summary>
    public static string Address(NodeState node) => node.Endpoints is [var first, ..] ? first.Address.Address.ToString() : node.Key.Host;
}
