namespace Headgate.Core.Upstreams;

/// <summary>A node's health, named as APISIX shows it.</summary>
public enum HealthStatus
{
    /// <summary>Takes traffic.</summary>
    Healthy,

    /// <summary>Takes traffic; failures are pending.</summary>
    MostlyHealthy,

    /// <summary>Takes no traffic; successes are pending.</summary>
    MostlyUnhealthy,

    /// <summary>Takes no traffic.</summary>
    Unhealthy,
}
