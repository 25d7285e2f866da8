using Headgate.Core.Snapshot.Explain;
using Headgate.Core.Upstreams;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Explain;

/// <summary>The tries of a request so far, for <see cref="DecisionRing"/>. One for an exchange, reused; one flow of control at a time.</summary>
internal sealed class DecisionTrace
{
    private readonly NodeState?[] _nodes = new NodeState?[IRecentDecisions.TriesMax];
    private readonly AttemptFailure[] _failures = new AttemptFailure[IRecentDecisions.TriesMax];
    private readonly int[] _statuses = new int[IRecentDecisions.TriesMax];

    /// <summary>When the request began, as <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long Begun { get; private set; }

    /// <summary>Tries so far; those beyond <see cref="IRecentDecisions.TriesMax"/> are only counted.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a try has failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>A request begins.</summary>
    public void Begin(long now) => (Begun, Count, HasFailed) = (now, 0, false);

    /// <summary>A try ended; <paramref name="status"/>: what the node answered, when it did.</summary>
    public void Add(NodeState node, AttemptFailure failure, int status)
    {
        HasFailed |= failure != AttemptFailure.None;
        if (Count < IRecentDecisions.TriesMax)
            (_nodes[Count], _failures[Count], _statuses[Count]) = (node, failure, failure == AttemptFailure.None ? status : 0);
        Count++;
    }

    /// <summary>Copies the tries that were kept.</summary>
    public void CopyTo(DecisionTrace other)
    {
        (other.Begun, other.Count, other.HasFailed) = (Begun, Count, HasFailed);
        int kept = Math.Min(Count, IRecentDecisions.TriesMax);
        _nodes.AsSpan(0, kept).CopyTo(other._nodes);
        _failures.AsSpan(0, kept).CopyTo(other._failures);
        _statuses.AsSpan(0, kept).CopyTo(other._statuses);
    }

    /// <summary>The tries that were kept, for people.</summary>
    public RecentTry[] ToTries()
    {
        var tries = new RecentTry[Math.Min(Count, IRecentDecisions.TriesMax)];
        for (int i = 0; i < tries.Length; i++)
            tries[i] = new RecentTry($"{_nodes[i]!.Key.Host}:{_nodes[i]!.Key.Port}", DecisionSlot.Name(_failures[i]), _statuses[i]);
        return tries;
    }
}
