using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Probes;

/// <summary>A node that is probed.</summary>
internal sealed class ProbedNode(ProbedUpstream upstream, NodeState state)
{
    /// <summary>Its upstream.</summary>
    public ProbedUpstream Upstream { get; } = upstream;

    /// <summary>The node.</summary>
    public NodeState State { get; } = state;

    /// <summary>What is sent.</summary>
    public byte[] Request { get; } = upstream.Plan.RequestFor(state);

    /// <summary>No longer probed: what is under way counts for nothing. Written under the schedule's lock, read by its probe.</summary>
    public volatile bool IsGone;
}
