using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>Chooses a node of one tier. Called concurrently; never blocks, never allocates.</summary>
public interface INodePicker
{
    /// <summary>The node for this try, never one that was tried; null exactly when every node of the tier was tried.</summary>
    NodeSnapshot? Pick(ref PickContext context);
}
