using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Telemetry.Metrics;

/// <summary>What was counted of a node's tries, added up. Used by the thread that made it.</summary>
/// <param name="buckets">Buckets that have a bound.</param>
public sealed class NodeSum(int buckets)
{
    /// <summary>Kinds of outcomes.</summary>
    internal static readonly int OutcomesCount = Enum.GetValues<AttemptFailure>().Length;

    /// <summary>Tries by how they ended, at the index of the <see cref="AttemptFailure"/>.</summary>
    public long[] Outcomes { get; } = new long[OutcomesCount];

    /// <summary>Requests whose last try was here.</summary>
    public long Requests { get; internal set; }

    /// <summary>Tries here that followed another try of their request.</summary>
    public long Retries { get; internal set; }

    /// <summary>From the beginning of a try, connecting included, to the head of its answer.</summary>
    public LatencySum Answers { get; } = new(buckets);
}
