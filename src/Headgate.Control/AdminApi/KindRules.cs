using Headgate.Core.Config;

namespace Headgate.Control.AdminApi;

/// <summary>In what kinds of object differ for the Admin API.</summary>
internal static class KindRules
{
    /// <summary>Directories of objects that can hold plugins.</summary>
    private static readonly string[] PluginHolders = ["routes", "services", "stream_routes", "plugin_configs", "consumers", "consumer_groups", "global_rules"];

    /// <summary>Whether APISIX has the method for the kind.</summary>
    public static bool Supports(this ResourceKind kind, string method) => method switch
    {
        "POST" => kind is ResourceKind.Upstream or ResourceKind.Route or ResourceKind.Service or ResourceKind.Proto or ResourceKind.Ssl,
        "PATCH" => kind is not (ResourceKind.Consumer or ResourceKind.Credential or ResourceKind.PluginMetadata or ResourceKind.Proto),
        "GET" or "PUT" or "DELETE" => true,
        _ => false,
    };

    /// <summary>Whether the two times are stored with it. APISIX leaves metadata as it was sent.</summary>
    public static bool HasTimes(this ResourceKind kind) => kind != ResourceKind.PluginMetadata;

    /// <summary>Directories below which objects may lie that name one of the kind, also those that only another program can have written yet; empty = nothing names it.</summary>
    public static IReadOnlyList<string> UserDirectories(this ResourceKind kind) => kind switch
    {
        ResourceKind.Upstream or ResourceKind.Service or ResourceKind.Proto => PluginHolders,
        ResourceKind.Ssl or ResourceKind.ServiceRegistry => [.. PluginHolders, "upstreams"],
        ResourceKind.PluginConfig => ["routes"],
        ResourceKind.ConsumerGroup => ["consumers"],
        _ => [],
    };
}
