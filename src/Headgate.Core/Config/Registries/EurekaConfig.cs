using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>How Eureka is reached (docs/reference/discovery/eureka.md). Source: APISIX's <c>discovery.eureka</c>.</summary>
public sealed record EurekaConfig() : RegistryConfig(TypeName)
{
    /// <summary>The type's name.</summary>
    public const string TypeName = "eureka";

    /// <summary><c>host</c>: the servers, at least one, with the user that is shown to each by basic authentication: that of its address, else that of <c>auth</c>.</summary>
    public required EquatableArray<RegistryAddress> Servers { get; init; }

    /// <summary><c>prefix</c>: path on every server below which <c>apps</c> lies, with a slash at both ends; default <c>/</c>.</summary>
    public string Prefix { get; init; } = "/";

    /// <summary><c>fetch_interval</c>: time between two questions for what has changed; at least 1 s, default 30 s.</summary>
    public TimeSpan FetchInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>weight</c>: of an instance whose metadata names none; at least 0, default 100.</summary>
    public int DefaultWeight { get; init; } = 100;

    /// <summary><c>timeout</c>.</summary>
    public RegistryTimeouts Timeouts { get; init; } = new();

    /// <summary><c>ssl_verify</c>: whether certificates of servers are verified; default false, as in APISIX, unless there are <c>ca_certs</c>.</summary>
    public bool VerifiesTls { get; init; }

    /// <summary><c>ca_certs</c>: PEM of the authorities those may come from; null = the system's.</summary>
    public string? AuthoritiesPem { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(EurekaConfig)} {{ Servers = {string.Join(", ", Servers)} }}";
}
