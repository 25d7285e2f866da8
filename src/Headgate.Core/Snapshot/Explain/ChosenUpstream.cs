namespace Headgate.Core.Snapshot.Explain;

/// <summary>An upstream that a plugin may choose for the request.</summary>
/// <param name="Owner">Key of the object that holds it: <c>upstreams/1</c>; null = the route's own, and it has none.</param>
/// <param name="IsOwn">Whether it is the route's own.</param>
/// <param name="Weight">Its part of the requests, from 1.</param>
public sealed record ChosenUpstream(string? Owner, bool IsOwn, int Weight);
