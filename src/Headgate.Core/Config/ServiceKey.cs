namespace Headgate.Core.Config;

/// <summary>What an upstream asks a registry for. Equal keys are followed once, however many upstreams have them.</summary>
/// <param name="Type">Type of the registry, <c>discovery_type</c>.</param>
/// <param name="RegistryId">Id of a service registry connection; null = the registry of that type in the settings.</param>
/// <param name="Name">Name of the service, as the registry knows it.</param>
/// <param name="Arguments">What else is asked for.</param>
public sealed record ServiceKey(string Type, string? RegistryId, string Name, DiscoveryArguments Arguments)
{
    /// <summary>The registry in texts: <c>consul</c>, or <c>service_registries/ID</c>.</summary>
    public string Registry => RegistryId is null ? Type : $"{ResourceKind.ServiceRegistry.Plural()}/{RegistryId}";
}
