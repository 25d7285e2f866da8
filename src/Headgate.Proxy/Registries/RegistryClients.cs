using Headgate.Core.Config.Registries;
using Headgate.Core.Discovery;
using Headgate.Proxy.Registries.Consul;
using Headgate.Proxy.Registries.ConsulKv;
using Headgate.Proxy.Registries.Dns;
using Headgate.Proxy.Registries.Eureka;
using Headgate.Proxy.Registries.FileRegistry;
using Headgate.Proxy.Registries.HttpRegistry;
using Headgate.Proxy.Registries.Kubernetes;
using Headgate.Proxy.Registries.Nacos;

namespace Headgate.Proxy.Registries;

/// <summary>The client of each type of registry: one line each.</summary>
public static class RegistryClients
{
    /// <summary>A client of the registry; it has asked nothing yet.</summary>
    public static IRegistryClient Make(RegistryConfig config, RegistryServices services) => config switch
    {
        ConsulConfig consul => new ConsulRegistryClient(consul, services),
        ConsulKvConfig store => new ConsulKvRegistryClient(store, services),
        DnsConfig dns => new DnsRegistryClient(dns, services),
        EurekaConfig eureka => new EurekaClient(eureka, services),
        FileRegistryConfig file => new FileRegistryClient(file, services.Time),
        HttpRegistryConfig http => new HttpRegistryClient(http, services.Time),
        KubernetesConfig kubernetes => new KubernetesRegistryClient(kubernetes, services),
        NacosConfig nacos => new NacosClient(nacos, services),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config.Type, "there is no client of that type of registry"),
    };
}
