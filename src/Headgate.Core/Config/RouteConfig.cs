using Headgate.Core.Config.Expressions;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>A route as a user wrote it, typed; what was not written is null or empty. Source: APISIX route schema (docs/reference/route.md).</summary>
public sealed record RouteConfig
{
    /// <summary>Id of the route.</summary>
    public required string Id { get; init; }

    /// <summary>Display name; null when absent.</summary>
    public string? Name { get; init; }

    /// <summary>Paths: exact, or with a <c>*</c>, mostly at the end: a prefix. At least one; each begins with <c>/</c> or <c>*</c>.</summary>
    public EquatableArray<string> Uris { get; init; } = [];

    /// <summary>Hosts, lower-cased; <c>*.a.test</c> stands for one or more labels below. Empty = the service's, else any.</summary>
    public EquatableArray<string> Hosts { get; init; } = [];

    /// <summary>Methods; empty = all.</summary>
    public EquatableArray<string> Methods { get; init; } = [];

    /// <summary>Client addresses or CIDR ranges; empty = all.</summary>
    public EquatableArray<string> RemoteAddrs { get; init; } = [];

    /// <summary>The condition of <c>vars</c>, parsed; null when absent.</summary>
    public VarsExpression? Vars { get; init; }

    /// <summary>Higher wins among routes whose host and path match equally well; default 0.</summary>
    public int Priority { get; init; }

    /// <summary>False (status 0) = the route does not match anything.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Replaces the upstream's timeouts as a whole; null = the upstream's.</summary>
    public TimeoutConfig? Timeout { get; init; }

    /// <summary>Whether a WebSocket upgrade is passed on; null = the service's, else false.</summary>
    public bool? EnableWebsocket { get; init; }

    /// <summary>Inline upstream, its id being <c>routes/{Id}</c>; null when absent.</summary>
    public UpstreamConfig? Upstream { get; init; }

    /// <summary>Id of the upstream; null when absent.</summary>
    public string? UpstreamId { get; init; }

    /// <summary>Id of the service; null when absent.</summary>
    public string? ServiceId { get; init; }

    /// <summary>Id of the plugin config; null when absent.</summary>
    public string? PluginConfigId { get; init; }

    /// <summary>The plugins the route carries, in the order written.</summary>
    public EquatableArray<PluginSetting> Plugins { get; init; } = [];

    /// <summary>Names of plugins it carries that this gateway does not have: it answers 503.</summary>
    public EquatableArray<string> UnknownPlugins { get; init; } = [];
}
