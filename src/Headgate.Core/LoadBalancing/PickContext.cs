using Headgate.Core.Primitives;
using Headgate.Core.Upstreams;

namespace Headgate.Core.LoadBalancing;

/// <summary>What a pick may look at. Lives on the stack of one try.</summary>
public ref struct PickContext
{
    /// <summary>The nodes this request has tried, by <see cref="NodeSnapshot.Index"/>.</summary>
    public ref readonly TriedNodes Tried;

    /// <summary>The request, for policies that hash.</summary>
    public IRequestView Request;

    /// <summary>
    /// Milliseconds of a monotonic clock, the one that <see cref="NodeState.Latency"/> is fed with; 0 for policies that do not need latencies
    /// (<see cref="ILoadBalancingPolicy.NeedsLatency"/>).
    /// </summary>
    public long NowMs;

    /// <summary>Makes a context.</summary>
    public PickContext(ref readonly TriedNodes tried, IRequestView request)
    {
        Tried = ref tried;
        Request = request;
    }
}
