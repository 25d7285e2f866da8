using Headgate.Core.Config;

namespace Headgate.Core.Upstreams;

/// <summary>A node inside one <c>UpstreamSnapshot</c>: what was configured, with a link to what has been learnt. Immutable.</summary>
public sealed class NodeSnapshot
{
    /// <summary>Makes the node at <paramref name="index"/> of its upstream.</summary>
    public NodeSnapshot(int index, NodeConfig config, NodeState state, byte[] hostHeader)
    {
        Index = index;
        Config = config;
        State = state;
        HostHeader = hostHeader;
    }

    /// <summary>Position in <c>UpstreamSnapshot.Nodes</c>.</summary>
    public int Index { get; }

    /// <summary>As written.</summary>
    public NodeConfig Config { get; }

    /// <summary>As learnt; shared with earlier and later snapshots.</summary>
    public NodeState State { get; }

    /// <summary>
    /// The Host header for <see cref="PassHost.Node"/>: host, and port unless it is the scheme's standard one. ASCII. Empty for any other
    /// <see cref="PassHost"/>, which never looks at it: 100,000 of them would be 4 MB.
    /// </summary>
    public byte[] HostHeader { get; }
}
