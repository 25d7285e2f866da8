using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.ProxyRewrite;

/// <summary>Configuration of <c>proxy-rewrite</c>. Source: APISIX, <c>apisix/plugins/proxy-rewrite.lua</c>.</summary>
public sealed record ProxyRewriteConfig : PluginConfig
{
    /// <summary>Path, and query, for the node: a template; null = not so.</summary>
    public string? Uri { get; init; }

    /// <summary>Pairs of a pattern for the path and what stands in for its match; the first that matches counts. Without effect beside <see cref="Uri"/>.</summary>
    public EquatableArray<string> RegexUri { get; init; } = [];

    /// <summary>Host for the node, where the upstream passes the client's on; null = the client's.</summary>
    public string? Host { get; init; }

    /// <summary>Method for the node; null = the client's.</summary>
    public string? Method { get; init; }

    /// <summary>Fields that are sent besides those that are there; templates.</summary>
    public EquatableArray<HeaderTemplate> Add { get; init; } = [];

    /// <summary>Fields that are sent in place of those that are there; templates. One name more than once: several values.</summary>
    public EquatableArray<HeaderTemplate> Set { get; init; } = [];

    /// <summary>Fields that are not sent.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Whether the target is taken as sent instead of decoded and brought into form.</summary>
    public bool UsesRealRequestUri { get; init; }
}
