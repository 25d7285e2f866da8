using Headgate.Core.Upstreams;

namespace Headgate.Core.Tests.Upstreams;

/// <summary>Writes down what a directory tells.</summary>
internal sealed class RecordedNodes : INodeObserver
{
    private readonly List<string> _calls = [];

    /// <summary>What was told since the last look: <c>added a.test:80</c>.</summary>
    public string[] Take()
    {
        string[] calls = [.. _calls];
        _calls.Clear();
        return calls;
    }

    public void Added(NodeState node) => Record("added", node);

    public void Removed(NodeState node) => Record("removed", node);

    public void Forgotten(NodeState node) => Record("forgotten", node);

    private void Record(string what, NodeState node) => _calls.Add($"{what} {node.Key.Host}:{node.Key.Port}");
}
