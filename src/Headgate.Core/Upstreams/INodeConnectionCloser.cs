namespace Headgate.Core.Upstreams;

/// <summary>Closes connections to a node that an operator takes out. Thread-safe; never blocks.</summary>
public interface INodeConnectionCloser
{
    /// <summary>Closes those that carry nothing; those in use are closed when what they carry has ended.</summary>
    void CloseIdle(NodeState node);

    /// <summary>Ends those in use, tunnels included, at once; returns how many.</summary>
    int CutOff(NodeState node);
}
