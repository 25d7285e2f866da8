using Headgate.Core.Config;

namespace Headgate.Core.Discovery;

/// <summary>What is known of registries and services. Thread-safe.</summary>
public interface IDiscoveryView
{
    /// <summary>The registries of the settings and of connections, in order of name.</summary>
    IReadOnlyList<RegistryView> Registries();

    /// <summary>The services that upstreams follow, in order of registry, then name.</summary>
    IReadOnlyList<ServiceView> Services();

    /// <summary>Takes the instances out that are held of a service: the registry is right. False when it is not followed, or nothing is held.</summary>
    bool Release(ServiceKey service);
}
