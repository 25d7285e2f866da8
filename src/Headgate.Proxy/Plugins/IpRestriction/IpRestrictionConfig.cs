using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.IpRestriction;

/// <summary>Configuration of <c>ip-restriction</c>. Source: APISIX, <c>apisix/plugins/ip-restriction</c>.</summary>
public sealed record IpRestrictionConfig : PluginConfig
{
    /// <summary>Addresses and CIDR ranges that may call, if not empty nobody else.</summary>
    public EquatableArray<string> Whitelist { get; init; } = [];

    /// <summary>Addresses and CIDR ranges that may not call.</summary>
    public EquatableArray<string> Blacklist { get; init; } = [];

    /// <summary>What the refused are told, 1 to 1024 characters.</summary>
    public string Message { get; init; } = "Your IP address is not allowed";

    /// <summary>Status for them: 403 or 404.</summary>
    public int ResponseCode { get; init; } = 403;
}
