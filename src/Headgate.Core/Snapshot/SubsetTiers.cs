using Headgate.Core.Config;
using Headgate.Core.LoadBalancing;

namespace Headgate.Core.Snapshot;

/// <summary>How requests choose among an upstream's nodes.</summary>
/// <param name="Config">As written.</param>
/// <param name="Key">What they choose by.</param>
/// <param name="All">The subsets there are.</param>
internal sealed record SubsetTiers(SubsetConfig Config, SubsetKey Key, NodeSubset[] All)
{
    /// <summary>That of requests without one of their own; null when there is none.</summary>
    public NodeSubset? Default { get; } = SubsetKey.Default(Config) is { } values ? Array.Find(All, subset => subset.Values.AsSpan().SequenceEqual(values)) : null;
}
