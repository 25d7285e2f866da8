using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Redirect;

/// <summary>Configuration of <c>redirect</c>. Source: APISIX, <c>apisix/plugins/redirect.lua</c>.</summary>
public sealed record RedirectConfig : PluginConfig
{
    /// <summary>Status of the answer, 200 to 599.</summary>
    public int RetCode { get; init; } = 302;

    /// <summary>Where to, a template; null = not so.</summary>
    public string? Uri { get; init; }

    /// <summary>A pattern for the path and what stands in for its match; empty = not so.</summary>
    public EquatableArray<string> RegexUri { get; init; } = [];

    /// <summary>Whether requests by HTTP are sent to HTTPS.</summary>
    public bool HttpToHttps { get; init; }

    /// <summary>Whether the path of the location is percent-encoded.</summary>
    public bool EncodeUri { get; init; }

    /// <summary>Whether the location gets the query of the request.</summary>
    public bool AppendQueryString { get; init; }
}
