namespace Headgate.Core.Config;

/// <summary>What is learnt about nodes from the requests they are sent. Defaults as APISIX.</summary>
public sealed record PassiveCheckConfig
{
    /// <summary>Statuses that count as success unless written: 200-208, 226, 300-308.</summary>
    public static StatusSet DefaultHealthyStatuses { get; } =
        new(200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308);

    /// <summary>Statuses that count as failure unless written: 429, 500, 503.</summary>
    public static StatusSet DefaultUnhealthyStatuses { get; } = new(429, 500, 503);

    /// <summary>With <see cref="HealthCheckType.Tcp"/> statuses count as nothing; the other two are the same here. Default http.</summary>
    public HealthCheckType Type { get; init; } = HealthCheckType.Http;

    /// <summary>Statuses that count as success.</summary>
    public StatusSet HealthyStatuses { get; init; } = DefaultHealthyStatuses;

    /// <summary>Statuses that count as failure, unless they are in <see cref="HealthyStatuses"/>.</summary>
    public StatusSet UnhealthyStatuses { get; init; } = DefaultUnhealthyStatuses;

    /// <summary>Default 5 successes, 5 bad statuses, 2 failed connections, 7 timeouts.</summary>
    public HealthThresholds Thresholds { get; init; } = new(5, 5, 2, 7);
}
