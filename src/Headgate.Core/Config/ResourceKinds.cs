namespace Headgate.Core.Config;

/// <summary>Names of <see cref="ResourceKind"/> in paths, keys and texts.</summary>
public static class ResourceKinds
{
    /// <summary>Prefix of the default gateway group's objects: APISIX's own.</summary>
    public const string DefaultPrefix = "/apisix";

    private const string Credentials = "/credentials/";

    /// <summary>What lies directly below the prefix.</summary>
    private static readonly (string Name, ResourceKind Kind)[] Directories =
        [.. Enum.GetValues<ResourceKind>().Where(kind => kind != ResourceKind.Credential).Select(kind => (kind.Plural(), kind))];

    /// <summary>The kinds that APISIX has too: those that its Admin API, its schemas and a synchronisation of the configuration deal with.</summary>
    public static IReadOnlyList<ResourceKind> Apisix { get; } =
    [
        ResourceKind.Upstream, ResourceKind.Route, ResourceKind.Service, ResourceKind.Consumer, ResourceKind.Credential, ResourceKind.ConsumerGroup,
        ResourceKind.PluginConfig, ResourceKind.GlobalRule, ResourceKind.PluginMetadata, ResourceKind.Proto, ResourceKind.Secret, ResourceKind.Ssl,
    ];

    /// <summary>The kinds that have nodes: upstreams, and what an upstream may stand in.</summary>
    public static IReadOnlyList<ResourceKind> UpstreamOwners { get; } = [ResourceKind.Upstream, ResourceKind.Route, ResourceKind.Service];

    /// <summary>Plural used in URLs and store keys: <c>upstreams</c>.</summary>
    public static string Plural(this ResourceKind kind) => kind switch
    {
        ResourceKind.Upstream => "upstreams",
        ResourceKind.Route => "routes",
        ResourceKind.Service => "services",
        ResourceKind.Override => "overrides",
        ResourceKind.Consumer => "consumers",
        ResourceKind.Credential => "credentials",
        ResourceKind.ConsumerGroup => "consumer_groups",
        ResourceKind.PluginConfig => "plugin_configs",
        ResourceKind.GlobalRule => "global_rules",
        ResourceKind.PluginMetadata => "plugin_metadata",
        ResourceKind.Proto => "protos",
        ResourceKind.Secret => "secrets",
        ResourceKind.Ssl => "ssls",
        ResourceKind.ServiceRegistry => "service_registries",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Singular used in texts: <c>upstream</c>, <c>plugin config</c>.</summary>
    public static string Singular(this ResourceKind kind) => kind == ResourceKind.PluginMetadata ? kind.SchemaName() : kind.SchemaName().Replace('_', ' ');

    /// <summary>Name of the kind's schema: <c>upstream</c>, <c>plugin_config</c>.</summary>
    public static string SchemaName(this ResourceKind kind) => kind switch
    {
        ResourceKind.PluginMetadata => kind.Plural(),
        ResourceKind.ServiceRegistry => "service_registry",
        _ => kind.Plural()[..^1],
    };

    /// <summary>Store key of an object of the default group: <c>/apisix/upstreams/1</c>, <c>/apisix/consumers/NAME/credentials/1</c>.</summary>
    public static string Key(this ResourceKind kind, string id) => $"{DefaultPrefix}/{(kind == ResourceKind.Credential ? ResourceKind.Consumer : kind).Plural()}/{id}";

    /// <summary>Id of a <see cref="ResourceKind.Credential"/>: <c>NAME/credentials/ID</c>.</summary>
    public static string CredentialId(string consumer, string id) => consumer + Credentials + id;

    /// <summary>Name of the consumer that a credential's id tells of, its own part left out; the id itself when it tells of none.</summary>
    public static string ConsumerOf(string credentialId) => credentialId.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? credentialId[..slash] : credentialId;

    /// <summary>Splits a store key of the default group into kind and id; false for any other key.</summary>
    public static bool TryParseKey(string key, out ResourceKind kind, out string id)
    {
        (kind, id) = (default, "");
        int begin = DefaultPrefix.Length + 1;
        int slash = key.Length > begin ? key.IndexOf('/', begin) : -1;
        if (slash < 0 || slash + 1 == key.Length || !key.StartsWith(DefaultPrefix, StringComparison.Ordinal) || key[begin - 1] != '/'
            || !TryParseDirectory(key.AsSpan(begin, slash - begin), out kind))
        {
            return false;
        }

        id = key[(slash + 1)..];
        if (kind == ResourceKind.Consumer && id.Contains(Credentials, StringComparison.Ordinal))
            kind = ResourceKind.Credential;
        return true;
    }

    /// <summary>As <see cref="TryParseKey"/>, for keys of objects that gateways serve; the others wait for what acts on them and are passed over.</summary>
    public static bool TryParseServedKey(string key, out ResourceKind kind, out string id) =>
        TryParseKey(key, out kind, out id) && kind is not ResourceKind.Proto;

    private static bool TryParseDirectory(ReadOnlySpan<char> directory, out ResourceKind kind)
    {
        foreach ((string name, ResourceKind candidate) in Directories)
        {
            if (directory.SequenceEqual(name))
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
