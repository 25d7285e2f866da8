using System.Collections.Immutable;

namespace Headgate.Proxy.Registries.Kubernetes;

/// <summary>What an EndpointSlice or an Endpoints object says.</summary>
/// <param name="Key"><c>namespace/name</c> of the object.</param>
/// <param name="Service"><c>namespace/name</c> of its service.</param>
/// <param name="Groups">Default when the object is so wrong that it says nothing.</param>
internal sealed record EndpointObject(string Key, string Service, ImmutableArray<EndpointGroup> Groups)
{
    /// <summary>Parts that were left out, each with the field that is wrong.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];
}
