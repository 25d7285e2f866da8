using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.UriBlocker;

/// <summary>Configuration of <c>uri-blocker</c>. Source: APISIX, <c>apisix/plugins/uri-blocker.lua</c>.</summary>
public sealed record UriBlockerConfig : PluginConfig
{
    /// <summary>Patterns of path and query as sent that are refused.</summary>
    public EquatableArray<string> BlockRules { get; init; } = [];

    /// <summary>Status of the refusal, 200 to 599.</summary>
    public int RejectedCode { get; init; } = 403;

    /// <summary>What the refused are told; null = the gateway's body for the status.</summary>
    public string? RejectedMsg { get; init; }

    /// <summary>Whether letter case counts for nothing.</summary>
    public bool CaseInsensitive { get; init; }
}
