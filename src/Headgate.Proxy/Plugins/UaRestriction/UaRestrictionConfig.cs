using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.UaRestriction;

/// <summary>Configuration of <c>ua-restriction</c>. Source: APISIX, <c>apisix/plugins/ua-restriction.lua</c>.</summary>
public sealed record UaRestrictionConfig : PluginConfig
{
    /// <summary>Patterns of User-Agent that may call, if not empty nobody else.</summary>
    public EquatableArray<string> Allowlist { get; init; } = [];

    /// <summary>Patterns of User-Agent that may not call.</summary>
    public EquatableArray<string> Denylist { get; init; } = [];

    /// <summary>Whether requests without User-Agent pass.</summary>
    public bool BypassMissing { get; init; }

    /// <summary>What the refused are told, 1 to 1024 characters.</summary>
    public string Message { get; init; } = "Not allowed";
}
