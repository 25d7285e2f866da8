using Headgate.Core.Snapshot;
using Headgate.Core.Upstreams;
using Headgate.Testing;

namespace Headgate.Core.Tests.Snapshot;

/// <summary>A request in a queue that only notes what became of it.</summary>
internal sealed class WaitingRequest(UpstreamSnapshot upstream, TriedNodes tried = default, Action<WaitingRequest>? onNode = null)
    : QueuedRequest(upstream, new TestRequest("a.test", "/"), tried, 0)
{
    private int _ends;

    /// <summary>Times it was given a node.</summary>
    public int Ends => Volatile.Read(ref _ends);

    /// <inheritdoc/>
    protected internal override void OnNode()
    {
        Interlocked.Increment(ref _ends);
        onNode?.Invoke(this);
    }
}
