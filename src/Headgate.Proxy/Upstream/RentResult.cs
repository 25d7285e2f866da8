namespace Headgate.Proxy.Upstream;

/// <summary>A connection, or why there is none.</summary>
/// <param name="Connection">The connection; null when there is none.</param>
/// <param name="Failure">Why there is none; <see cref="AttemptFailure.None"/> otherwise.</param>
public readonly record struct RentResult(NodeConnection? Connection, AttemptFailure Failure);
