using Headgate.Core.Config.Plugins;
using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitCount;

/// <summary>Configuration of <c>limit-count</c>. Source: APISIX, <c>apisix/plugins/limit-count/init.lua</c>.</summary>
public sealed record LimitCountConfig : PluginConfig
{
    /// <summary>Requests in a window, from 1.</summary>
    public required int Count { get; init; }

    /// <summary>Length of the window in seconds, from 1.</summary>
    public required int WindowSeconds { get; init; }

    /// <summary>Whether every window of that length counts; if not, one follows the other.</summary>
    public bool IsSliding { get; init; }

    /// <summary>What is counted together, where, and what the refused are told.</summary>
    public required LimitTerms Terms { get; init; }

    /// <summary>Key of the object it stands in, where it is counted outside of this gateway instance and has no group: others may have an object equal to it. Empty elsewhere.</summary>
    public string OwnerKey { get; init; } = "";

    /// <summary>Places that name the same group, and are configured alike, count together; null = this one counts alone.</summary>
    public string? Group { get; init; }

    /// <summary>Whether answers say how much is left.</summary>
    public bool ShowsQuota { get; init; } = true;
}
