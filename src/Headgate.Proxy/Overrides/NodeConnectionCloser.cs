using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Overrides;

/// <summary>Closes connections to nodes, whoever owns them.</summary>
/// <param name="owners">All owners of connections; complete before the first call.</param>
internal sealed class NodeConnectionCloser(IReadOnlyList<NodeConnections> owners) : INodeConnectionCloser
{
    /// <inheritdoc/>
    public void CloseIdle(NodeState node)
    {
        foreach (EndpointState endpoint in node.Endpoints)
            NodeConnections.Drop(endpoint);
    }

    /// <inheritdoc/>
    public int CutOff(NodeState node)
    {
        int cut = 0;
        foreach (NodeConnections owner in owners)
            cut += owner.CutOff(node);
        return cut;
    }
}
