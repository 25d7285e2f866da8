using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ConsumerRestriction;

/// <summary>Configuration of <c>consumer-restriction</c>. Source: APISIX, <c>apisix/plugins/consumer-restriction.lua</c>.</summary>
public sealed record ConsumerRestrictionConfig : PluginConfig
{
    /// <summary>By what requests are told apart.</summary>
    public ConsumerRestrictionType Type { get; init; }

    /// <summary>Who may call, with any method; if not empty nobody else.</summary>
    public EquatableArray<string> Whitelist { get; init; } = [];

    /// <summary>Who may not call, whatever else is said.</summary>
    public EquatableArray<string> Blacklist { get; init; } = [];

    /// <summary>Which methods those may use who are listed here; others may use all. Counts where there is no <see cref="Whitelist"/>.</summary>
    public EquatableArray<MethodRule> AllowedByMethods { get; init; } = [];

    /// <summary>Status of the refusal, 200 to 599.</summary>
    public int RejectedCode { get; init; } = 403;

    /// <summary>What the refused are told; null = that their kind is forbidden.</summary>
    public string? RejectedMsg { get; init; }
}
