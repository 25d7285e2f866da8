namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>An address that takes requests.</summary>
/// <param name="Host">The address or name.</param>
/// <param name="Zone">Zone of the machine; null when unknown.</param>
/// <param name="Node">Name of the machine; null when unknown.</param>
/// <param name="Pod">Name of the pod; null when it is none, or unknown.</param>
internal readonly record struct EndpointAddress(string Host, string? Zone, string? Node, string? Pod);
