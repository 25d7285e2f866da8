namespace Headgate.Core.Config;

/// <summary>Names of <see cref="ResourceKind"/> in paths, keys and texts.</summary>
public static class ResourceKinds
{
    /// <summary>Prefix of the default gateway group's objects: APISIX's own.</summary>
    public const string DefaultPrefix = "/apisix";

    /// <summary>The kinds that APISIX has too: those that its Admin API, its schemas and a synchronisation of the configuration deal with.</summary>
    public static IReadOnlyList<ResourceKind> Apisix { get; } = [ResourceKind.Upstream, ResourceKind.Route, ResourceKind.Service];

    /// <summary>Plural used in URLs and store keys: <c>upstreams</c>.</summary>
    public static string Plural(this ResourceKind kind) => kind switch
    {
        ResourceKind.Upstream => "upstreams",
        ResourceKind.Route => "routes",
        ResourceKind.Service => "services",
        ResourceKind.Override => "overrides",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Singular used in texts: <c>upstream</c>.</summary>
    public static string Singular(this ResourceKind kind) => kind.Plural()[..^1];

    /// <summary>Store key of an object of the default group: <c>/apisix/upstreams/1</c>.</summary>
    public static string Key(this ResourceKind kind, string id) => $"{DefaultPrefix}/{kind.Plural()}/{id}";

    /// <summary>Splits a store key of the default group into kind and id; false for any other key.</summary>
    public static bool TryParseKey(string key, out ResourceKind kind, out string id)
    {
        foreach (ResourceKind candidate in Enum.GetValues<ResourceKind>())
        {
            string prefix = candidate.Key("");
            if (key.Length > prefix.Length && key.StartsWith(prefix, StringComparison.Ordinal))
            {
                (kind, id) = (candidate, key[prefix.Length..]);
                return true;
            }
        }

        (kind, id) = (default, "");
        return false;
    }
}
