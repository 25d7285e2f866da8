using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary><c>discovery_args</c> of an upstream: what narrows the instances of a service. Each type of registry knows some of them.</summary>
public sealed record DiscoveryArguments
{
    /// <summary>No arguments.</summary>
    public static DiscoveryArguments None { get; } = new();

    /// <summary><c>namespace_id</c>: Nacos' namespace; null = the registry's own default.</summary>
    public string? NamespaceId { get; init; }

    /// <summary><c>group_name</c>: Nacos' group; null = the registry's own default.</summary>
    public string? GroupName { get; init; }

    /// <summary><c>metadata</c>: only instances that have all of these; empty = all instances.</summary>
    public EquatableArray<MetadataEntry> Metadata { get; init; } = [];

    /// <summary><c>tags</c>: only instances that have all of these; empty = all instances. Headgate's own.</summary>
    public EquatableArray<string> Tags { get; init; } = [];

    /// <summary><c>datacenter</c>: Consul's data centre; null = that of the agent asked. Headgate's own.</summary>
    public string? Datacenter { get; init; }

    /// <summary>Whether the upstream speaks gRPC, for Nacos: then the port is that of an instance's metadata <c>gRPC_port</c>, if it has one. Not written by users.</summary>
    public bool PrefersGrpcPort { get; init; }

    /// <summary>Whether an instance with this metadata has all of <see cref="Metadata"/>.</summary>
    public bool MetadataIsIn(IEnumerable<MetadataEntry> metadata) => Metadata.Count == 0 || Metadata.Items.All(metadata.Contains);
}
