using Headgate.Core.Primitives;

namespace Headgate.Core.Config.Registries;

/// <summary>Consul's catalog of services (docs/reference/discovery/consul.md).</summary>
/// <param name="Access">How it is reached.</param>
public sealed record ConsulConfig(ConsulAccess Access) : RegistryConfig(TypeName)
{
    /// <summary>Its name as a type.</summary>
    public const string TypeName = "consul";

    /// <summary><c>skip_services</c>: services that count as unknown, besides <c>consul</c>, which always does.</summary>
    public EquatableArray<string> SkippedServices { get; init; } = [];

    /// <summary>Whether a service counts as unknown.</summary>
    public bool Skips(string service) => service == "consul" || SkippedServices.Items.Contains(service);

    /// <summary>Without secrets.</summary>
    public override string ToString() => $"{nameof(ConsulConfig)} {{ {Access} }}";
}
