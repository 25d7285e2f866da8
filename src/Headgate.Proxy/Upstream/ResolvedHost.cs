using System.Net;
using Headgate.Core.Upstreams;

namespace Headgate.Proxy.Upstream;

/// <summary>A host name in use and what is known about it. Everything under the lock of its <see cref="EndpointResolver"/>.</summary>
internal sealed class ResolvedHost(string name)
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>The nodes that use it: of several upstreams, with several ports.</summary>
    public HashSet<NodeState> Nodes { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The last good answer; empty until the first.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; set; } = [];

    /// <summary>The lookup that runs, or the last one; joined by everybody who waits.</summary>
    public Task Lookup { get; set; } = Task.CompletedTask;

    /// <summary>When it is to be looked up next: a timestamp of the resolver's clock.</summary>
    public long DueAt { get; set; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; set; }
}
