namespace Headgate.Core.Resilience;

/// <summary>
/// Lets requests through at a rate, with a burst: the generic cell rate algorithm (ITU-T I.371, the leaky bucket as a meter), whose whole state is the time at which
/// the bucket will be empty. Nothing is delayed. Thread-safe without a lock; allocates nothing. The state outlives an edit of the rate.
/// </summary>
public sealed class RequestRate
{
    private const double NanosecondsPerSecond = 1e9;

    // Written by every request that is let through, from whichever core serves it.
    private long _emptyNs = long.MinValue / 2;
    private long _rejected;

    // Written by the thread that applies the configuration, read by every request.
    private long _intervalNs = 1;
    private long _toleranceNs;

    /// <summary>Requests that were not let through.</summary>
    public long Rejected => Volatile.Read(ref _rejected);

    /// <summary>Sets the rate, requests per second from 0.001 to 1,000,000, and the burst, 0 to 1,000,000. Single writer.</summary>
    public void Set(double rate, int burst)
    {
        long intervalNs = (long)(NanosecondsPerSecond / rate);
        Volatile.Write(ref _toleranceNs, burst * intervalNs);
        Volatile.Write(ref _intervalNs, intervalNs);
    }

    /// <summary>How many requests would pass at <paramref name="nowNs"/> one right after the other; when none, the whole seconds, at least 1, after which one would. Changes nothing.</summary>
    public (long Left, int RetryAfterSeconds) Peek(long nowNs)
    {
        long intervalNs = Volatile.Read(ref _intervalNs), toleranceNs = Volatile.Read(ref _toleranceNs);
        long emptyNs = Math.Clamp(Volatile.Read(ref _emptyNs), nowNs, nowNs + toleranceNs + intervalNs);
        long waitNs = emptyNs - nowNs - toleranceNs;
        return waitNs > 0 ? (0, (int)Math.Ceiling(waitNs / NanosecondsPerSecond)) : (1 + (-waitNs / intervalNs), 0);
    }

    /// <summary>
    /// Whether a request may pass at <paramref name="nowNs"/>, nanoseconds of a monotonic clock that is the same for all threads. When not,
    /// <paramref name="retryAfterSeconds"/> is the whole seconds, at least 1, after which one would.
    /// </summary>
    public bool TryPass(long nowNs, out int retryAfterSeconds)
    {
        long intervalNs = Volatile.Read(ref _intervalNs), toleranceNs = Volatile.Read(ref _toleranceNs);
        long seenNs = Volatile.Read(ref _emptyNs);
        while (true)
        {
            // Later than this it was never by the present rate: a slower one has been edited away and binds nobody any more.
            long emptyNs = Math.Min(seenNs, nowNs + toleranceNs + intervalNs);
            long waitNs = emptyNs - nowNs - toleranceNs;
            if (waitNs > 0)
            {
                if (emptyNs < seenNs)
                    Interlocked.CompareExchange(ref _emptyNs, emptyNs, seenNs);
                Interlocked.Increment(ref _rejected);
                retryAfterSeconds = (int)Math.Ceiling(waitNs / NanosecondsPerSecond);
                return false;
            }

            long presentNs = Interlocked.CompareExchange(ref _emptyNs, Math.Max(emptyNs, nowNs) + intervalNs, seenNs);
            if (presentNs == seenNs)
            {
                retryAfterSeconds = 0;
                return true;
            }

            seenNs = presentNs;
        }
    }
}
