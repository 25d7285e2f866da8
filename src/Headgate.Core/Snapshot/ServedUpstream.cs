namespace Headgate.Core.Snapshot;

/// <summary>An upstream and who holds it.</summary>
/// <param name="Owner">Key of the object that holds it: <c>upstreams/1</c>, <c>routes/7</c>.</param>
/// <param name="Upstream">What is served of it.</param>
public sealed record ServedUpstream(string Owner, UpstreamSnapshot Upstream);
