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

    /// <summary>
    /// What the policy hashed of the request, with <see cref="HasKey"/> set; 0 for a policy that does not hash. Written by the pick: who decides something else for the
    /// request by chance decides it by this key, so that a key keeps its node.
    /// </summary>
    public ulong Key;

    /// <summary>
    /// The two nodes of which a policy took the better, the first drawn first, by <see cref="NodeSnapshot.Index"/> plus one; 0 = none was drawn. Written by the pick, for
    /// explaining it.
    /// </summary>
    public (int First, int Challenger) Drawn;

    /// <summary>Set by a pick that gives no node: one that was not tried has no free permit (<c>max_requests</c>), or requests wait for one.</summary>
    public bool IsFull;

    /// <summary>A bit above a hash of 32 bits, so that no key is 0.</summary>
    public const ulong HasKey = 1UL << 32;

    /// <summary>Makes a context.</summary>
    public PickContext(ref readonly TriedNodes tried, IRequestView request)
    {
        Tried = ref tried;
        Request = request;
    }
}
