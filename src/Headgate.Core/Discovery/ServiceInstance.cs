using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.Discovery;

/// <summary>One backend address of a service, as a registry has it. An upstream makes a node of it.</summary>
/// <param name="Host">Host name or IPv4 address, lower-cased, or an IPv6 address in brackets.</param>
/// <param name="Port">1..65535; null = the standard one of the upstream's scheme.</param>
/// <param name="Weight">0..2,147,483,647.</param>
/// <param name="Priority">As a node's; default 0.</param>
public sealed record ServiceInstance(string Host, int? Port, int Weight, int Priority = 0)
{
    /// <summary>What is known of it besides, ordered by name.</summary>
    public EquatableArray<MetadataEntry> Metadata { get; init; } = [];
}
