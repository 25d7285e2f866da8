namespace Headgate.Control.Line;

/// <summary>How an instance sees a node that it does not use as it would use any: down, taken out, or up only because it is forced. A node without one is up.</summary>
/// <param name="Owner">Key of the object that holds the upstream: <c>upstreams/1</c>.</param>
/// <param name="Node"><c>host:port</c>.</param>
/// <param name="State"><c>up</c>, <c>down</c> or <c>out</c>, as in <c>/api/upstreams/ID/nodes</c>.</param>
/// <param name="Exclusions">Why it gets no requests: <c>unhealthy</c>, <c>ejected</c>, <c>awaited</c>, <c>draining</c>, <c>forced_down</c>.</param>
public sealed record NodeSighting(string Owner, string Node, string State, IReadOnlyList<string> Exclusions)
{
    /// <summary>When the latest thing happened to it; null = nothing has.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Who found or ordered that: <c>probe</c>, <c>request</c>, an operator's name.</summary>
    public string? Source { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }
}
