using Headgate.Core.Config;
using Headgate.Core.Config.Plugins;
using Headgate.Core.Plugins;
using Headgate.Core.Primitives;

namespace Headgate.Core.Routing;

/// <summary>A route as it is served: validated, merged with its service, immutable, shared by all threads.</summary>
public sealed class RouteSnapshot
{
    /// <summary>The route as written.</summary>
    public required RouteConfig Config { get; init; }

    /// <summary>What answers a request that matches.</summary>
    public required RouteTarget Target { get; init; }

    /// <summary>Slot of the upstream in the snapshot's table; −1 unless <see cref="Target"/> is <see cref="RouteTarget.Upstream"/>.</summary>
    public int UpstreamSlot { get; init; } = -1;

    /// <summary>Name of its service; null when it has none.</summary>
    public string? ServiceName { get; init; }

    /// <summary>
    /// What the data plane counts of its requests; null until the first that it counts. Written by the data plane and never read by Core: it hangs here so that a request reaches it
    /// without a look-up. What is counted belongs to names, and outlives this.
    /// </summary>
    public object? Counts;

    /// <summary>Counts its requests; shared by all versions of the route.</summary>
    public RouteTraffic Traffic { get; init; } = new();

    /// <summary>Hosts after the merge with the service; empty = any.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Whether WebSocket upgrades pass, after the merge.</summary>
    public bool EnableWebsocket { get; init; }

    /// <summary>Plugins after the merge, in the order in which they run.</summary>
    public EquatableArray<PluginSetting> Plugins { get; init; } = [];

    /// <summary>Slots of the upstreams that the plugins may send requests to, those of one plugin after the other's; −1 = it does not exist.</summary>
    public EquatableArray<int> PluginUpstreamSlots { get; init; } = [];

    /// <summary>What runs of them; null, as for many routes, when nothing does.</summary>
    public PluginChain? Chain { get; init; }

    /// <summary>Replaces the upstream's timeouts as a whole; null = the upstream's.</summary>
    public TimeoutConfig? Timeout => Config.Timeout;

    /// <summary>Which of the paths in <see cref="Config"/> a path that the route has matched goes by; −1 = none does. Never allocates in the long run.</summary>
    public int IndexOfUri(ReadOnlySpan<byte> path) => Config.Uris.Count == 1 ? 0 : Patterns.IndexOfUri(path);

    /// <summary>Which of <see cref="Hosts"/> a host that the route has matched goes by; −1 = none, any host matches. As <see cref="IndexOfUri"/>.</summary>
    public int IndexOfHost(ReadOnlySpan<byte> host) => Hosts.Count <= 1 ? Hosts.Count - 1 : Patterns.IndexOfHost(host);

    private RoutePatterns Patterns => field ??= new RoutePatterns(Config.Uris, Hosts);

    /// <summary>Conditions besides host and path, compiled at first use: a benign race makes equal ones.</summary>
    internal RouteConditions Conditions => field ??= RouteConditions.Compile(Config);
}
