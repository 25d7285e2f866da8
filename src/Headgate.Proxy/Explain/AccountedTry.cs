using System.Diagnostics;
using Headgate.Core.LoadBalancing;
using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Explain;

/// <summary>One try of a <see cref="RequestAccount"/>: why this node, and what came of it.</summary>
/// <param name="node">The node that was picked.</param>
/// <param name="score">What the policy compared it by, right after the pick; null when it compares nothing.</param>
internal sealed class AccountedTry(NodeSnapshot node, double? score)
{
    private long _ended;

    /// <summary>The node.</summary>
    public NodeSnapshot Node => node;

    /// <summary>What the policy compared it by, right after the pick; null when it compares nothing.</summary>
    public double? Score => score;

    /// <summary>The two that were drawn, the first drawn first; null when the policy draws no pair, or drew one node.</summary>
    public (NodeSnapshot First, NodeSnapshot Challenger)? Drawn { get; private init; }

    /// <summary>The share of its picks that the node takes, ten-thousandths.</summary>
    public int Share { get; } = node.State.Share.Effective;

    /// <summary>When it began.</summary>
    public long Begun { get; } = Stopwatch.GetTimestamp();

    /// <summary>How it failed; null while it has not ended.</summary>
    public AttemptFailure? Failure { get; private set; }

    /// <summary>What the node answered; 0 = nothing.</summary>
    public int Status { get; private set; }

    /// <summary>How long it took, or takes so far.</summary>
    public TimeSpan Duration => Stopwatch.GetElapsedTime(Begun, _ended == 0 ? Stopwatch.GetTimestamp() : _ended);

    /// <summary>The try that begins with a pick.</summary>
    public static AccountedTry Of(UpstreamSnapshot upstream, NodeSnapshot node, double? score, in PickContext pick) => new(node, score)
    {
        Drawn = pick.Drawn.First == 0 ? null : (upstream.Nodes[pick.Drawn.First - 1], upstream.Nodes[pick.Drawn.Challenger - 1]),
    };

    /// <summary>It has ended.</summary>
    public void End(AttemptFailure failure, int status)
    {
        _ended = Stopwatch.GetTimestamp();
        Failure = failure;
        Status = failure is AttemptFailure.None or AttemptFailure.AnswerDropped ? status : 0;
    }
}
