using Headgate.Core.Resilience;

namespace Headgate.Core.Snapshot.Explain;

/// <summary>What limits the requests to an upstream, and what it would say to one more now.</summary>
public sealed record UpstreamLimits
{
    /// <summary><c>rate_limit</c>: requests that would pass one right after the other, and, when none would, seconds until one does; null = there is none.</summary>
    public (long Left, int RetryAfterSeconds)? Rate { get; init; }

    /// <summary><c>circuit_breaker</c>: the state that the request would find, and whether it would be let through; null = there is none.</summary>
    public (CircuitState State, CircuitPass Pass)? Circuit { get; init; }

    /// <summary><c>max_requests</c>: requests that wait for a permit, and how many may (0 = none); null = no node has a limit.</summary>
    public (int Waiting, int Size)? Queue { get; init; }

    /// <summary>Whether no node that may be used has a free permit, or others wait for one: the request would wait too, where it may.</summary>
    public bool IsFull { get; init; }

    /// <summary>
    /// Those of <paramref name="upstream"/> now; nothing is used up. <paramref name="nowNs"/> and <paramref name="nowMs"/>: the clocks that rates and breakers are asked by.
    /// <paramref name="hasNoPermit"/>: a pick would find no node for want of a permit.
    /// </summary>
    public static UpstreamLimits Of(UpstreamSnapshot upstream, bool hasNoPermit, long nowNs, long nowMs) => new()
    {
        Rate = upstream.Policies?.Rate?.Peek(nowNs),
        Circuit = upstream is { Breaker: { } breaker, Config.CircuitBreaker: { } config } ? breaker.Peek(config, nowMs) : null,
        Queue = upstream.Queue is { } queue ? (queue.Count, upstream.Config.Queue?.Size ?? 0) : null,
        IsFull = hasNoPermit || upstream.Queue is { Count: > 0 },
    };

    /// <summary>The answer that they make the gateway give by itself; null when they let the request through, or have it wait.</summary>
    public (int Status, string Why)? Refusal(UpstreamSnapshot upstream)
    {
        if (Rate is { Left: 0 } rate)
            return (upstream.Policies!.RejectedCode, $"the upstream's rate_limit is reached; one may pass in {rate.RetryAfterSeconds} s");
        if (Circuit is { Pass.IsAdmitted: false } circuit)
        {
            string state = circuit.State == CircuitState.Open ? "open" : "half-open, and its trial requests are under way";
            return (503, $"the circuit breaker of the upstream is {state}; ask again in {circuit.Pass.RetryAfterSeconds} s");
        }

        if (IsFull && Queue is var (waiting, size) && waiting >= size)
            return (503, "every node that may be used has as many requests as it takes (max_requests)" + (size == 0 ? "" : ", and the queue is full"));
        return null;
    }
}
