using Headgate.Core.Config;

namespace Headgate.Core.Upstreams;

/// <summary>
/// A node's health as a state machine in one 64-bit word, so that threads change it without a lock and reading it is one load. As lua-resty-healthcheck, APISIX's
/// checker, has it: a success clears the failures and a failure the successes; a counter that reaches its threshold decides; what would only confirm the present
/// state (a success while fully healthy, a failure while fully unhealthy) is not counted. A node starts healthy. Keep it in a field: a copy learns nothing.
/// </summary>
public struct NodeHealth
{
    private const int StatusShift = 32;
    private const ulong CounterMask = 0xFF;

    // A byte each, from the lowest: successes, http failures, tcp failures, timeouts, status. Written by probes and by threads that serve traffic.
    private ulong _word;

    /// <summary>The health.</summary>
    public readonly HealthStatus Status => StatusOf(Volatile.Read(in _word));

    /// <summary>Whether the node may be picked while healthier ones matter.</summary>
    public readonly bool IsHealthy => Status <= HealthStatus.MostlyHealthy;

    /// <summary>Everything, of one instant.</summary>
    public readonly HealthCounters Counters
    {
        get
        {
            ulong word = Volatile.Read(in _word);
            return new HealthCounters(
                StatusOf(word), Counter(word, HealthEvent.Success), Counter(word, HealthEvent.HttpFailure), Counter(word, HealthEvent.TcpFailure), Counter(word, HealthEvent.Timeout));
        }
    }

    /// <summary>Counts an event. True when <see cref="IsHealthy"/> changed by it. Never blocks, never allocates.</summary>
    public bool Report(HealthEvent what, HealthThresholds thresholds)
    {
        int limit = what switch
        {
            HealthEvent.Success => thresholds.Successes,
            HealthEvent.HttpFailure => thresholds.HttpFailures,
            HealthEvent.TcpFailure => thresholds.TcpFailures,
            HealthEvent.Timeout => thresholds.Timeouts,
            _ => 0,
        };
        if (limit == 0)
            return false;

        while (true)
        {
            ulong before = Volatile.Read(in _word);
            HealthStatus status = StatusOf(before);
            if (status == (what == HealthEvent.Success ? HealthStatus.Healthy : HealthStatus.Unhealthy))
                return false;
            ulong after = Next(before, status, what, limit);
            if (Interlocked.CompareExchange(ref _word, after, before) == before)
                return status <= HealthStatus.MostlyHealthy != StatusOf(after) <= HealthStatus.MostlyHealthy;
        }
    }

    /// <summary>As it was at another time. For a node that nobody reports about yet.</summary>
    public void Restore(HealthCounters before) => Volatile.Write(
        ref _word,
        ((ulong)before.Status << StatusShift)
        | (((ulong)before.Successes & CounterMask) << Shift(HealthEvent.Success))
        | (((ulong)before.HttpFailures & CounterMask) << Shift(HealthEvent.HttpFailure))
        | (((ulong)before.TcpFailures & CounterMask) << Shift(HealthEvent.TcpFailure))
        | (((ulong)before.Timeouts & CounterMask) << Shift(HealthEvent.Timeout)));

    /// <summary>Healthy, with nothing counted: as never seen.</summary>
    public void Reset() => Volatile.Write(ref _word, 0);

    private static ulong Next(ulong before, HealthStatus status, HealthEvent what, int limit)
    {
        bool success = what == HealthEvent.Success;
        int count = Math.Min(Counter(before, what) + 1, byte.MaxValue);
        ulong kept = success ? 0 : before & ~((ulong)HealthStatus.Unhealthy << StatusShift) & ~CounterMask & ~(CounterMask << Shift(what));
        HealthStatus after = count >= limit ? (success ? HealthStatus.Healthy : HealthStatus.Unhealthy)
            : status == HealthStatus.Healthy ? HealthStatus.MostlyHealthy
            : status == HealthStatus.Unhealthy ? HealthStatus.MostlyUnhealthy
            : status;
        return kept | ((ulong)count << Shift(what)) | ((ulong)after << StatusShift);
    }

    private static int Shift(HealthEvent what) => ((int)what - (int)HealthEvent.Success) * 8;

    private static int Counter(ulong word, HealthEvent what) => (int)((word >> Shift(what)) & CounterMask);

    private static HealthStatus StatusOf(ulong word) => (HealthStatus)(word >> StatusShift);
}
