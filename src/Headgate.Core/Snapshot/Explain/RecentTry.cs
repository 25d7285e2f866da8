namespace Headgate.Core.Snapshot.Explain;

/// <summary>One try of a request that was decided.</summary>
/// <param name="Node">The node, <c>host:port</c>.</param>
/// <param name="Outcome"><c>answered</c>, or how it failed: <c>refused</c>, <c>read_timeout</c>, ...</param>
/// <param name="Status">Status that the node answered; 0 = none.</param>
public sealed record RecentTry(string Node, string Outcome, int Status);
