using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>How Nacos is reached (docs/reference/discovery/nacos.md). Source: APISIX's <c>discovery.nacos</c>, and <c>nacos_config</c> of API7.</summary>
public sealed record NacosConfig() : RegistryConfig(TypeName)
{
    /// <summary>The type's name.</summary>
    public const string TypeName = "nacos";

    /// <summary><c>host</c>: the servers, at least one.</summary>
    public required EquatableArray<RegistryAddress> Servers { get; init; }

    /// <summary><c>prefix</c>: path of the API on every server, with a slash at both ends.</summary>
    public string Prefix { get; init; } = "/nacos/v1/";

    /// <summary><c>api_version</c>: which API that is; 2 or 3 when the prefix ends in <c>v2</c> or <c>v3</c>, otherwise 1.</summary>
    public NacosApi Api { get; init; } = NacosApi.V1;

    /// <summary><c>fetch_interval</c>: time between two questions for a service; at least 1 s, default 30 s.</summary>
    public TimeSpan FetchInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>weight</c>: of an instance for which Nacos names none; at least 1, default 100.</summary>
    public int DefaultWeight { get; init; } = 100;

    /// <summary><c>timeout</c>.</summary>
    public RegistryTimeouts Timeouts { get; init; } = new();

    /// <summary><c>auth.username</c>: for servers whose address names no user; null = none.</summary>
    public string? User { get; init; }

    /// <summary><c>auth.password</c>. Never logged.</summary>
    public string? Password { get; init; }

    /// <summary><c>auth.token</c>: an access token to show instead of one that is had by logging in; null = none. Never logged.</summary>
    public string? Token { get; init; }

    /// <summary><c>access_key</c>: id of the key that questions are signed with; null = they are not signed.</summary>
    public string? AccessKey { get; init; }

    /// <summary><c>secret_key</c>: that key. Never logged.</summary>
    public string? SecretKey { get; init; }

    /// <summary><c>ssl_verify</c>: whether certificates of servers are verified; default true.</summary>
    public bool VerifiesTls { get; init; } = true;

    /// <summary><c>ca_certs</c>: PEM of the authorities those may come from; null = the system's.</summary>
    public string? AuthoritiesPem { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(NacosConfig)} {{ Servers = {string.Join(", ", Servers)} }}";
}
