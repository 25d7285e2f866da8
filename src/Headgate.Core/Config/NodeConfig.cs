using Headgate.Core.Primitives;

namespace Headgate.Core.Config;

/// <summary>One node as written.</summary>
/// <param name="Host">Host name or address as written, lower-cased; an IPv6 address in brackets.</param>
/// <param name="Port">Effective port, 1..65535: as written, else the scheme's standard one.</param>
/// <param name="Weight">0..2,147,483,647; 0 = used only when no node with weight is left.</param>
/// <param name="Priority">Any integer; the highest tier with an untried node is used first. Default 0.</param>
/// <param name="MaxRequests">Requests it may have under way at a time, ≥ 1; null = what the upstream says.</param>
public sealed record NodeConfig(string Host, int Port, int Weight, int Priority = 0, int? MaxRequests = null)
{
    /// <summary>What of its metadata is text, number or boolean, ordered by name; lists and objects are for people only.</summary>
    public EquatableArray<MetadataEntry> Metadata { get; init; } = [];
}
