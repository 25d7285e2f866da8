using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.RefererRestriction;

/// <summary>Configuration of <c>referer-restriction</c>. Source: APISIX, <c>apisix/plugins/referer-restriction.lua</c>.</summary>
public sealed record RefererRestrictionConfig : PluginConfig
{
    /// <summary>Hosts whose pages may call, if not empty nobody else's; a star in front stands for anything.</summary>
    public EquatableArray<string> Whitelist { get; init; } = [];

    /// <summary>Hosts whose pages may not call.</summary>
    public EquatableArray<string> Blacklist { get; init; } = [];

    /// <summary>Whether requests without a Referer, or with one that is no http URL, pass.</summary>
    public bool BypassMissing { get; init; }

    /// <summary>What the refused are told, 1 to 1024 characters.</summary>
    public string Message { get; init; } = "Your referer host is not allowed";
}
