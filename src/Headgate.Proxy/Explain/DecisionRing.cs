using Headgate.Core.Snapshot.Explain;
using Headgate.Proxy.Telemetry;

namespace Headgate.Proxy.Explain;

/// <summary>
/// The latest requests and what was done with them, in a fixed number of places: one request in so many, and every one with a failed try or without any although it had an
/// upstream. Thread-safe. The threads that serve traffic neither wait here nor allocate: a place that is being read when its turn comes is passed over.
/// </summary>
internal sealed class DecisionRing : IRecentDecisions
{
    private readonly DecisionSlot[] _slots;
    private readonly TimeProvider _time;
    private long _requests;
    private long _next;

    /// <summary>Makes an empty ring of <paramref name="capacity"/> places, at least 1.</summary>
    public DecisionRing(int capacity, int sample, TimeProvider time)
    {
        Sample = sample;
        _time = time;
        _slots = new DecisionSlot[capacity];
        for (int i = 0; i < capacity; i++)
            _slots[i] = new DecisionSlot();
    }

    /// <inheritdoc/>
    public int Capacity => _slots.Length;

    /// <inheritdoc/>
    public int Sample { get; }

    /// <summary>A request has ended, and so has <paramref name="trace"/>.</summary>
    public void End(Exchange exchange, RequestTrace trace)
    {
        bool isSampled = Interlocked.Increment(ref _requests) % Sample == 0;
        if (!isSampled && !trace.HasFailed && (trace.Upstream is null || trace.Count > 0))
            return;

        DecisionSlot slot = _slots[(int)((ulong)(Interlocked.Increment(ref _next) - 1) % (uint)_slots.Length)];
        if (!Monitor.TryEnter(slot))
            return;
        try
        {
            slot.Set(exchange, trace, _time.GetUtcNow());
        }
        finally
        {
            Monitor.Exit(slot);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<RecentDecision> Latest(int count, Func<string?, string?, bool>? passes = null)
    {
        long next = Volatile.Read(ref _next);
        var latest = new List<RecentDecision>();
        for (long back = 1; back <= Math.Min(next, _slots.Length) && latest.Count < count; back++)
        {
            DecisionSlot slot = _slots[(int)((ulong)(next - back) % (uint)_slots.Length)];
            lock (slot)
            {
                if (slot.Get(passes) is { } decision)
                    latest.Add(decision);
            }
        }

        return latest;
    }
}
