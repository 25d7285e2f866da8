using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>Instances in Consul's key-value store, one key each (docs/reference/discovery/consul_kv.md).</summary>
/// <param name="Access">How it is reached.</param>
public sealed record ConsulKvConfig(ConsulAccess Access) : RegistryConfig(TypeName)
{
    /// <summary>Its name as a type.</summary>
    public const string TypeName = "consul_kv";

    /// <summary><c>prefix</c>: the folder whose keys are instances, without a slash at its ends; default <c>upstreams</c>.</summary>
    public string Prefix { get; init; } = "upstreams";

    /// <summary><c>skip_keys</c>: folders of services that count as unknown, with the prefix in front, without a slash at their ends.</summary>
    public EquatableArray<string> SkippedKeys { get; init; } = [];

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"{nameof(ConsulKvConfig)} {{ {Access}, Prefix = {Prefix} }}";
}
