namespace Headgate.Proxy.Http1;

/// <summary>Outcome of parsing a head.</summary>
/// <param name="Status">What was found.</param>
/// <param name="Consumed">Bytes to consume when <see cref="HeadStatus.Complete"/> (leading empty lines included); 0 otherwise.</param>
/// <param name="ErrorStatus">HTTP status to answer when <see cref="HeadStatus.Bad"/>: 400, 414, 417, 431, 501, 505 (502 for a node's head); 0 otherwise.</param>
/// <param name="Reason">What is wrong and what is allowed, a constant text, when <see cref="HeadStatus.Bad"/>; null otherwise.</param>
public readonly record struct HeadResult(HeadStatus Status, int Consumed, int ErrorStatus, string? Reason);
