using Headgate.Proxy.Plugins.Limits;

namespace Headgate.Proxy.Plugins.LimitReq;

/// <summary>
/// The requests of one key as a leaky bucket whose whole state is one number: the time up to which its requests fill the rate. Source: lua-resty-limit-traffic, <c>resty.limit.req</c>, as
/// the generic cell rate algorithm (ITU-T I.371).
/// </summary>
/// <param name="intervalNs">Nanoseconds a request takes of the rate.</param>
internal sealed class LeakyBucket(long intervalNs) : LimitState
{
    /// <summary>There is no room.</summary>
    public const long Full = -1;

    /// <summary>It is retired: look the key up again.</summary>
    public const long Retired = -2;

    private const long RetiredMark = long.MinValue;

    // Never used: long before any time there is.
    private long _filledNs = long.MinValue / 2;

    /// <inheritdoc/>
    public override long Stamp => Volatile.Read(ref _filledNs);

    /// <summary>A request comes: nanoseconds it is before its time, at most <paramref name="burstNs"/>, or <see cref="Full"/>, or <see cref="Retired"/>.</summary>
    public long Enter(long nowNs, long burstNs)
    {
        long seen = Volatile.Read(ref _filledNs);
        while (seen != RetiredMark)
        {
            long filled = Math.Max(seen + intervalNs, nowNs);
            if (filled - nowNs > burstNs)
                return Full;
            long present = Interlocked.CompareExchange(ref _filledNs, filled, seen);
            if (present == seen)
                return filled - nowNs;
            seen = present;
        }

        return Retired;
    }

    /// <inheritdoc/>
    public override bool TryRetire(long now, bool always)
    {
        long seen = Volatile.Read(ref _filledNs);
        bool isEmpty = seen + intervalNs <= now;
        return (isEmpty || always) && Interlocked.CompareExchange(ref _filledNs, RetiredMark, seen) == seen;
    }
}
