namespace Headgate.Core.Upstreams;

/// <summary>Identity of a node: what was learnt about a node is kept for as long as this stays the same.</summary>
/// <param name="Owner">Key of the object that holds the upstream: <c>upstreams/1</c>, <c>routes/7</c>.</param>
/// <param name="Host">Host as written, lower-cased.</param>
/// <param name="Port">Effective port.</param>
public readonly record struct NodeKey(string Owner, string Host, int Port)
{
    /// <summary><c>owner host:port</c>, for texts.</summary>
    public override string ToString() => $"{Owner} {Host}:{Port}";
}
