using Headgate.Core.LoadBalancing;
using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.Snapshot;

/// <summary>A request that waits in a <see cref="RequestQueue"/>. While it does its flow stands still, and whoever serves the queue picks for it.</summary>
/// <param name="upstream">Where it is to go: the upstream as the request found it.</param>
/// <param name="request">The request, for policies that hash; read by any thread while it waits.</param>
/// <param name="tried">The nodes it has tried.</param>
/// <param name="nowMs">As <see cref="PickContext.NowMs"/>.</param>
public abstract class QueuedRequest(UpstreamSnapshot upstream, IRequestView request, TriedNodes tried, long nowMs)
{
    private TriedNodes _tried = tried;

    /// <summary>The node it was given, its permit taken; null while it waits and when it left without one.</summary>
    public NodeSnapshot? Node { get; private set; }

    /// <summary>Where it is to go.</summary>
    internal UpstreamSnapshot Upstream => upstream;

    /// <summary>Its neighbours in the queue; under the queue's lock.</summary>
    internal QueuedRequest? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    internal QueuedRequest? Next { get; set; }

    /// <summary>Whether it is in the queue; under the queue's lock.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Gives it a node that is free for it; false when there is none. Under the queue's lock.</summary>
    internal bool TryPick()
    {
        var context = new PickContext(in _tried, request) { NowMs = nowMs };
        Node = upstream.PickPastQueue(ref context);
        return Node is not null;
    }

    /// <summary>It is out of the queue, with a <see cref="Node"/>: goes on. Called once, by the thread that freed the permit, outside every lock; returns at once.</summary>
    protected internal abstract void OnNode();
}
