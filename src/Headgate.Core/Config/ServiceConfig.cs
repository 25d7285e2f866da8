using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>A service as a user wrote it, typed. Source: APISIX service schema (docs/reference/service.md).</summary>
public sealed record ServiceConfig
{
    /// <summary>Id of the service.</summary>
    public required string Id { get; init; }

    /// <summary>Display name; null when absent.</summary>
    public string? Name { get; init; }

    /// <summary>Hosts of the routes that name none themselves, lower-cased.</summary>
    public EquatableArray<string> Hosts { get; init; } = [];

    /// <summary>Inline upstream, its id being <c>services/{Id}</c>; null when absent.</summary>
    public UpstreamConfig? Upstream { get; init; }

    /// <summary>Id of the upstream; null when absent.</summary>
    public string? UpstreamId { get; init; }

    /// <summary>Default of the routes' <see cref="RouteConfig.EnableWebsocket"/>; null = false.</summary>
    public bool? EnableWebsocket { get; init; }

    /// <summary>The plugins the service carries, in the order written.</summary>
    public EquatableArray<PluginSetting> Plugins { get; init; } = [];

    /// <summary>Names of plugins it carries that this gateway does not have: its routes answer 503.</summary>
    public EquatableArray<string> UnknownPlugins { get; init; } = [];
}
