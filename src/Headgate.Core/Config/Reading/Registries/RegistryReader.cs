using System.Text.Json;
using Headgate.Core.Config.Registries;

namespace Headgate.Core.Config.Reading.Registries;

/// <summary>Reads how a registry is reached: what stands below <c>discovery.TYPE</c> in the settings, or in <c>TYPE_config</c> of a service registry connection.</summary>
internal static class RegistryReader
{
    /// <summary>Null when it has errors. A reader of a type takes the value itself, because that of Kubernetes may be a list.</summary>
    public static RegistryConfig? Read(string type, JsonElement value, Location at, Findings findings) => type switch
    {
        ConsulConfig.TypeName => ConsulReader.Read(value, at, findings),
        ConsulKvConfig.TypeName => ConsulKvReader.Read(value, at, findings),
        DnsConfig.TypeName => DnsConfigReader.Read(value, at, findings),
        EurekaConfig.TypeName => EurekaConfigReader.Read(value, at, findings),
        FileRegistryConfig.TypeName => FileRegistryReader.Read(value, at, findings),
        HttpRegistryConfig.TypeName => HttpRegistryReader.Read(value, at, findings),
        KubernetesConfig.TypeName => KubernetesReader.Read(value, at, findings),
        NacosConfig.TypeName => NacosConfigReader.Read(value, at, findings),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such type of registry"),
    };
}
