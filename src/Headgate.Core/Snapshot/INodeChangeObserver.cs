using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>Told what happens to nodes, after it has taken effect in their timeline. Calls may come from several threads; an implementation returns soon and does not throw.</summary>
public interface INodeChangeObserver
{
    /// <summary>A change of <paramref name="node"/>.</summary>
    void Changed(NodeState node, NodeChange change);
}
