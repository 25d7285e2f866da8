using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.Discovery;

/// <summary>Whoever follows services of registries, as the compiler of snapshots sees it. Called on its thread; returns at once.</summary>
public interface IServiceSource
{
    /// <summary>An upstream follows the service from now on. Once for each; the service is followed while there is one.</summary>
    void Follow(ServiceKey service);

    /// <summary>An upstream follows the service no more.</summary>
    void Leave(ServiceKey service);

    /// <summary>The instances to be used now; null = the registry has not said anything yet.</summary>
    EquatableArray<ServiceInstance>? InstancesOf(ServiceKey service);

    /// <summary>A service registry connection is this from now on; null = it is gone.</summary>
    void SetRegistry(string id, ServiceRegistryConfig? config);
}
