using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Overrides;

/// <summary>Logs what operators' overrides do to nodes.</summary>
internal sealed class OverrideEvents(ILogger<OverrideEvents> logger) : INodeChangeObserver
{
    /// <inheritdoc/>
    public void Changed(NodeState node, NodeChange change)
    {
        NodeKey key = node.Key;
        switch (change.Kind)
        {
            case NodeChangeKind.DrainBegun:
                OverrideLog.DrainBegun(logger, key.Host, key.Port, key.Owner, change.Source, change.Reason);
                break;
            case NodeChangeKind.Drained:
                OverrideLog.Drained(logger, key.Host, key.Port, key.Owner, change.Reason);
                break;
            case NodeChangeKind.DrainEnded:
                OverrideLog.DrainEnded(logger, key.Host, key.Port, key.Owner, change.Source, change.Reason);
                break;
            case NodeChangeKind.ForcedUp:
                OverrideLog.ForcedUp(logger, key.Host, key.Port, key.Owner, change.Source, change.Reason);
                break;
            case NodeChangeKind.ForcedDown:
                OverrideLog.ForcedDown(logger, key.Host, key.Port, key.Owner, change.Source, change.Reason);
                break;
            case NodeChangeKind.ForceEnded:
                OverrideLog.ForceEnded(logger, key.Host, key.Port, key.Owner, change.Source, change.Reason);
                break;
        }
    }
}
