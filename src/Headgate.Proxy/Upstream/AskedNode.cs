namespace Headgate.Proxy.Upstream;

/// <summary>What came of asking a node for the head of an answer.</summary>
/// <param name="Connection">Holds the head of the final answer, none of whose body was read; whoever has it passes the answer on or closes it. Null = there is no answer.</param>
/// <param name="Failure">Why there is none; <see cref="AttemptFailure.None"/> beside a connection.</param>
/// <param name="IsStale">A kept connection turned out to be closed, and a fresh one may do better.</param>
internal readonly record struct AskedNode(NodeConnection? Connection, AttemptFailure Failure, bool IsStale = false);
