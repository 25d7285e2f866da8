namespace Headgate.Core.Snapshot;

/// <summary>What balancing depends on besides the configuration of upstreams: the gateway instance's own.</summary>
/// <param name="Zone">The zone it runs in (<c>headgate.zone</c>); null when it has none, and zones then do not matter.</param>
/// <param name="StickyKey">The key of sticky cookies (<c>headgate.sticky_key</c>): gateways with the same one understand each other's.</param>
public sealed record BalancingSettings(string? Zone, byte[] StickyKey)
{
    /// <summary>No zone, an empty key.</summary>
    public static BalancingSettings Default { get; } = new(null, []);
}
