namespace Headgate.Core.Snapshot.Explain;

/// <summary>One try of a request that was decided.</summary>
/// <param name="Node">The node, <c>host:port</c>.</param>
/// <param name="Outcome"><c>answered</c>, or how it failed: <c>refused</c>, <c>read_timeout</c>, ...</param>
/// <param name="Status">Status that the node answered; 0 = none.</param>
public sealed record RecentTry(string Node, string Outcome, int Status)
{
    /// <summary>What the policy compared the node by, as it was right after the pick; null when it compares nothing, the node was not measured, or another request gave this one its node.</summary>
    public double? Score { get; init; }

    /// <summary>The two nodes of which the policy took the better, the first drawn first; null when it drew no two.</summary>
    public (string First, string Challenger)? Drawn { get; init; }

    /// <summary>CRC-32 of what was hashed of the request; null when nothing was.</summary>
    public uint? Hash { get; init; }
}
