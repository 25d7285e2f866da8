using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>The nodes of an upstream that have the same values of the metadata that requests choose by.</summary>
/// <param name="Values">The values, as <see cref="LoadBalancing.SubsetKey"/> writes them.</param>
/// <param name="Nodes">The nodes, in the order written; at least one.</param>
/// <param name="Tiers">Their tiers.</param>
internal sealed record NodeSubset(byte[] Values, NodeSnapshot[] Nodes, UpstreamTier[] Tiers);
