using System.Collections.Immutable;

namespace Headgate.Core.Config.Registries;

/// <summary>Names of the kinds of service registry, as <c>discovery_type</c> and the keys below <c>discovery</c> have them.</summary>
public static class RegistryTypes
{
    /// <summary>All of them, in order of name.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        ConsulConfig.TypeName, ConsulKvConfig.TypeName, DnsConfig.TypeName, EurekaConfig.TypeName,
        FileRegistryConfig.TypeName, HttpRegistryConfig.TypeName, KubernetesConfig.TypeName, NacosConfig.TypeName,
    ];
}
