using System.Collections.Immutable;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>Addresses with the ports that each of them has: an EndpointSlice, or a subset of Endpoints.</summary>
/// <param name="Addresses">Those that are ready.</param>
/// <param name="Ports">Of each of them.</param>
internal sealed record EndpointGroup(ImmutableArray<EndpointAddress> Addresses, ImmutableArray<EndpointPort> Ports);
