namespace Headgate.Core.Upstreams;

/// <summary>Passes each call on to several observers, in order; none is fine.</summary>
/// <param name="observers">Who is told.</param>
public sealed class NodeObservers(params INodeObserver[] observers) : INodeObserver
{
    /// <inheritdoc/>
    public void Added(NodeState node)
    {
        foreach (INodeObserver observer in observers)
            observer.Added(node);
    }

    /// <inheritdoc/>
    public void Removed(NodeState node)
    {
        foreach (INodeObserver observer in observers)
            observer.Removed(node);
    }

    /// <inheritdoc/>
    public void Forgotten(NodeState node)
    {
        foreach (INodeObserver observer in observers)
            observer.Forgotten(node);
    }
}
