using System.Collections.Immutable;

namespace Headgate.Core.Config.Registries;

/// <summary>Names of the kinds of service registry, as <c>discovery_type</c> and the keys below <c>discovery</c> have them.</summary>
public static class RegistryTypes
{
    /// <summary>All of them, in order of name.</summary>
    public static ImmutableArray<string> All { get; } = ["consul", "consul_kv", "dns", "eureka", "file", "http", "kubernetes", "nacos"];
}
