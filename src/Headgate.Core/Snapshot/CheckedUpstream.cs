namespace Headgate.Core.Snapshot;

/// <summary>An upstream whose nodes are being checked.</summary>
/// <param name="Owner">Key of the object that holds it: <c>upstreams/1</c>, <c>routes/7</c>.</param>
/// <param name="Upstream">What is served of it; its nodes' states say what the checks have found.</param>
public sealed record CheckedUpstream(string Owner, UpstreamSnapshot Upstream);
