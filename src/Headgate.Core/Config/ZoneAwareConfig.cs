namespace Headgate.Core.Config;

/// <summary>Nodes of the gateway's own zone first: the upstream's <c>zone_aware</c>.</summary>
/// <param name="MinPercent">Percent of the own zone's weight that must be usable for the zone to count, 1..100; default 70.</param>
/// <param name="MinSize">Usable nodes that the own zone must have for it to count, 1 or more; default 1.</param>
public sealed record ZoneAwareConfig(int MinPercent, int MinSize)
{
    /// <summary>Key of a node's metadata that holds its zone.</summary>
    public const string MetadataKey = "zone";

    /// <summary>70 % (with less, the rest would get half as much again: Envoy's overprovisioning factor of 1.4), one node.</summary>
    public static ZoneAwareConfig Default { get; } = new(70, 1);
}
