namespace Headgate.Core.Upstreams;

/// <summary>Knows nodes from before the process started.</summary>
public interface INodeMemory
{
    /// <summary>
    /// Puts what is known into the state of a node that this process has not seen before. Called before anybody else learns of the node and before the first snapshot
    /// that holds it; returns at once, does not throw, and does not call back into <see cref="NodeDirectory"/>.
    /// </summary>
    void Recall(NodeState node);
}
