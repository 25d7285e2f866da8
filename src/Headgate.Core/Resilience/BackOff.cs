using Headgate.Core.Config;
using Headgate.Core.Primitives;

namespace Headgate.Core.Resilience;

/// <summary>
/// How long a retry waits: exponential with full jitter, any time from nothing to the bound alike. Clients that failed together come back spread over the whole
/// bound (Brooker, "Exponential Backoff and Jitter", 2015; Envoy does the same).
/// </summary>
public static class BackOff
{
    /// <summary>Milliseconds to wait before retry number <paramref name="retry"/>, from 1. <paramref name="draw"/>: any number that is not used twice.</summary>
    public static int DelayMs(BackOffConfig config, int retry, ulong draw)
    {
        // 2^30 times a millisecond is past every bound there may be (24 days), and the shift does not overflow.
        double bound = Math.Min(config.BaseInterval.TotalMilliseconds * (1L << Math.Min(retry - 1, 31)), config.MaxInterval.TotalMilliseconds);
        return Mix64.Below(Mix64.Of(draw), (int)Math.Min(bound, int.MaxValue - 1) + 1);
    }
}
