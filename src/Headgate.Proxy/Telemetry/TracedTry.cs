using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Telemetry;

/// <summary>One try of a <see cref="RequestTrace"/>. Times are of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>; 0 = it did not come to that.</summary>
internal struct TracedTry
{
    /// <summary>The node that was picked.</summary>
    public NodeState Node;

    /// <summary>Why; kept only for those who look at it (<see cref="RequestTrace.Begin"/>).</summary>
    public NotedPick Pick;

    /// <summary>Its address that was connected to last; null when none is known yet.</summary>
    public EndpointState? Endpoint;

    /// <summary>How it ended.</summary>
    public AttemptFailure Failure;

    /// <summary>Status of the node's answer; 0 = there was no whole head of one.</summary>
    public int Status;

    /// <summary>When it began.</summary>
    public long Begun;

    /// <summary>When its connection was open; as <see cref="Begun"/> when a kept one was used.</summary>
    public long Connected;

    /// <summary>When the head of the answer was here.</summary>
    public long Headed;

    /// <summary>When it ended; 0 = it is under way.</summary>
    public long Ended;
}
