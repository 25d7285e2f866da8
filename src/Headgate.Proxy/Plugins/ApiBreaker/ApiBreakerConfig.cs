using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ApiBreaker;

/// <summary>Configuration of <c>api-breaker</c>. Source: APISIX, <c>apisix/plugins/api-breaker.lua</c>.</summary>
public sealed record ApiBreakerConfig : PluginConfig
{
    /// <summary>Status of refusals, 200 to 599.</summary>
    public required int ResponseCode { get; init; }

    /// <summary>Their body; null = the gateway's own.</summary>
    public string? ResponseBody { get; init; }

    /// <summary>Fields that go with that body; the values are templates.</summary>
    public EquatableArray<HeaderConfig> ResponseHeaders { get; init; } = [];

    /// <summary>The longest time for which requests are refused, seconds from 3.</summary>
    public int BreakSecondsMax { get; init; } = 300;

    /// <summary>Statuses of failures, 500 to 599.</summary>
    public StatusSet UnhealthyStatuses { get; init; } = new(500);

    /// <summary>Failures after which requests are refused, from 1.</summary>
    public int Failures { get; init; } = 3;

    /// <summary>Statuses of successes, 200 to 499.</summary>
    public StatusSet HealthyStatuses { get; init; } = new(200);

    /// <summary>Successes after which the failures are forgotten, from 1.</summary>
    public int Successes { get; init; } = 3;
}
